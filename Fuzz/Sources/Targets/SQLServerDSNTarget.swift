import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// A SQL Server target as written. Where it holds the marker in place of a password, nothing may show it.
    static let sqlserverdsn = FuzzTarget(name: "sqlserverdsn", feed: SQLServerDSNTarget.feed)
}

private enum SQLServerDSNTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: bytes, as: UTF8.self)
        let target: SQLServerDSN
        do {
            target = try SQLServerDSNParser.parse(text)
        } catch {
            try promise(!error.message.isEmpty, "no message")
            try promise(!error.message.contains(secretMarker), "shows what it found: \(error.message)")
            return
        }
        try readsBack(target)
        guard target.password?.revealed.contains(secretMarker) ?? false else { return }
        let others = [
            target.user, target.database ?? "", target.endpoint.description,
            target.tls.authorities?.written ?? "", target.tls.serverName ?? "",
        ]
        guard !others.contains(where: { $0.uppercased().contains(secretMarker) }) else { return }
        for text in [target.redacted, target.endpoint.description, "\(target)"] {
            try promise(!text.contains(secretMarker), "shows its password: \(text)")
        }
    }

    private static func readsBack(_ target: SQLServerDSN) throws(BrokenPromise) {
        // Encoding makes it longer, and a longer one is refused.
        guard target.redacted.utf8.count < 8_000 else { return }
        let shown: SQLServerDSN
        do {
            shown = try SQLServerDSNParser.parse(target.redacted)
        } catch {
            throw BrokenPromise(description: "\(target.redacted) is not read back: \(error.message)")
        }
        try promise(shown.password == nil, "a password is shown")
        let isSame =
            shown.endpoint == target.endpoint && shown.user == target.user
            && shown.database == target.database && shown.tls == target.tls
            && shown.encryption == target.encryption && shown.isReadOnly == target.isReadOnly
        try promise(isSame, "\(target.redacted) reads back as another target")
        try promise(shown.redacted == target.redacted, "\(target.redacted) is shown as \(shown.redacted)")
    }
}

import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// A MySQL target as written. Where it holds the marker in place of a password, nothing may show it.
    static let mysqldsn = FuzzTarget(name: "mysqldsn", feed: MySQLDSNTarget.feed)
}

private enum MySQLDSNTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: bytes, as: UTF8.self)
        let target: MySQLDSN
        do {
            target = try MySQLDSNParser.parse(text)
        } catch {
            try promise(!error.message.isEmpty, "no message")
            try promise(
                !isSecret(in: text) || !error.message.contains(secretMarker),
                "shows a secret: \(error.message)")
            return
        }
        try readsBack(target)
        guard target.password?.revealed.contains(secretMarker) ?? false else { return }
        let others = [
            target.user, target.database ?? "", target.endpoint.description,
            target.tls.authorities?.written ?? "", target.tls.identity?.written ?? "",
        ]
        guard !others.contains(where: { $0.uppercased().contains(secretMarker) }) else { return }
        for text in [target.redacted, target.endpoint.description, "\(target)"] + target.warnings {
            try promise(!text.contains(secretMarker), "shows its password: \(text)")
        }
    }

    /// Whether the marker stands where a password may, encoded well or not, from the first colon to the last
    /// `@`, and nowhere else.
    private static func isSecret(in text: String) -> Bool {
        let start = text.firstRange(of: "://").map { text[$0.upperBound...] } ?? text[...]
        let login = start.drop { $0 != ":" }
        guard let end = login.lastIndex(of: "@"), login[..<end].contains(secretMarker) else { return false }
        return !text.uppercased().replacing(login[..<end].uppercased(), with: "").contains(secretMarker)
    }

    private static func readsBack(_ target: MySQLDSN) throws(BrokenPromise) {
        // Encoding makes it longer, and a longer one is refused.
        guard target.redacted.utf8.count < 8_000 else { return }
        let shown: MySQLDSN
        do {
            shown = try MySQLDSNParser.parse(target.redacted)
        } catch {
            throw BrokenPromise(description: "\(target.redacted) is not read back: \(error.message)")
        }
        try promise(shown.password == nil, "a password is shown")
        let isSame =
            shown.endpoint == target.endpoint && shown.user == target.user
            && shown.database == target.database && shown.tls == target.tls
        try promise(isSame, "\(target.redacted) reads back as another target")
        try promise(shown.redacted == target.redacted, "\(target.redacted) is shown as \(shown.redacted)")
    }
}

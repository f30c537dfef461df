import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// A PostgreSQL target as written. Where it holds the marker in place of a password, nothing may show it.
    static let dsn = FuzzTarget(name: "dsn", feed: DSNTarget.feed)
}

/// Stands for a secret in inputs.
let secretMarker = "QXZJKVWQ"

private enum DSNTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: bytes, as: UTF8.self)
        try percentEncoding(text)
        let target: PostgresDSN
        do {
            target = try PostgresDSNParser.parse(text, defaultUser: "me")
        } catch {
            try promise(!error.message.isEmpty, "no message")
            let isHeld = password(in: text).contains(secretMarker)
            try promise(
                !isHeld || !error.message.contains(secretMarker), "shows a secret: \(error.message)")
            return
        }
        try readsBack(target)
        try hidesItsPassword(target)
    }

    /// Where a password may stand, encoded well or not: from the first colon to the last `@`, or from the
    /// keyword to the end.
    private static func password(in text: String) -> Substring {
        if PostgresDSNKeywords.isMeant(by: text) {
            return text.firstRange(of: "password").map { text[$0.upperBound...] } ?? ""
        }
        guard let scheme = text.firstRange(of: "://") else { return "" }
        let login = text[scheme.upperBound...].drop { $0 != ":" }
        return login.lastIndex(of: "@").map { login[..<$0] } ?? ""
    }

    private static func readsBack(_ target: PostgresDSN) throws(BrokenPromise) {
        // Encoding makes it longer, and a longer one is refused.
        guard target.redacted.utf8.count < 8_000 else { return }
        let shown: PostgresDSN
        do {
            shown = try PostgresDSNParser.parse(target.redacted, defaultUser: nil)
        } catch {
            throw BrokenPromise(description: "\(target.redacted) is not read back: \(error.message)")
        }
        try promise(shown.password == nil, "a password is shown")
        let isSame =
            shown.endpoint == target.endpoint && shown.user == target.user
            && shown.database == target.database && shown.tls == target.tls
            && shown.channelBinding == target.channelBinding
        try promise(isSame, "\(target.redacted) reads back as another target")
        try promise(shown.redacted == target.redacted, "\(target.redacted) is shown as \(shown.redacted)")
    }

    private static func hidesItsPassword(_ target: PostgresDSN) throws(BrokenPromise) {
        guard target.password?.revealed.contains(secretMarker) ?? false else { return }
        let others = [
            target.user, target.database, target.endpoint.description, target.tls.authorities?.written ?? "",
            target.tls.identity?.written ?? "",
        ]
        guard !others.contains(where: { $0.uppercased().contains(secretMarker) }) else { return }
        let shown = [target.redacted, target.endpoint.description, "\(target)"] + target.warnings
        for text in shown where !target.applicationName.contains(secretMarker) {
            try promise(!text.contains(secretMarker), "shows its password: \(text)")
        }
    }

    private static func percentEncoding(_ text: String) throws(BrokenPromise) {
        guard !text.utf8.contains(0) else { return }
        for kept in ["", "/"] {
            let encoded = PercentEncoding.encode(text, keeping: kept)
            try promise(
                (try? PercentEncoding.decode(encoded)) == text, "is encoded as what does not read back")
            try promise(encoded.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "is not encoded")
        }
    }
}

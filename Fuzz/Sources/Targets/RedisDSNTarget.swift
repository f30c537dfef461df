import VitalsCore

@testable import VitalsNet

extension FuzzTarget {
    /// A Redis target as written. Where it holds the marker in place of a password, nothing may show it.
    static let redisdsn = FuzzTarget(name: "redisdsn", feed: RedisDSNTarget.feed)
}

private enum RedisDSNTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let text = String(decoding: bytes, as: UTF8.self)
        let target: RedisDSN
        do {
            target = try RedisDSNParser.parse(text)
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
            target.user ?? "", target.endpoint.description, target.sentinel?.master ?? "",
            target.tls.authorities?.written ?? "", target.tls.identity?.certificate.written ?? "",
            target.tls.identity?.key.written ?? "",
        ]
        guard !others.contains(where: { $0.uppercased().contains(secretMarker) }) else { return }
        for text in [target.redacted, target.endpoint.description, "\(target)"] + target.warnings {
            try promise(!text.contains(secretMarker), "shows its password: \(text)")
        }
    }

    /// Whether the marker stands where a password may, encoded well or not, from the scheme to the last `@`,
    /// and nowhere else.
    private static func isSecret(in text: String) -> Bool {
        guard let start = text.firstRange(of: "://")?.upperBound,
            let end = text[start...].lastIndex(of: "@"), text[start..<end].contains(secretMarker)
        else { return false }
        let login = text[start..<end].uppercased()
        return !text.uppercased().replacing(login, with: "").contains(secretMarker)
    }

    private static func readsBack(_ target: RedisDSN) throws(BrokenPromise) {
        // Encoding makes it longer, and a longer one is refused.
        guard target.redacted.utf8.count < 8_000 else { return }
        let shown: RedisDSN
        do {
            shown = try RedisDSNParser.parse(target.redacted)
        } catch {
            throw BrokenPromise(description: "\(target.redacted) is not read back: \(error.message)")
        }
        try promise(shown.password == nil, "a password is shown")
        let isSame =
            shown.endpoint == target.endpoint && shown.user == target.user
            && shown.database == target.database && shown.tls == target.tls
            && shown.sentinel == target.sentinel
        try promise(isSame, "\(target.redacted) reads back as another target")
        try promise(shown.redacted == target.redacted, "\(target.redacted) is shown as \(shown.redacted)")
    }
}

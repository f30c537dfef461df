import VitalsCore

@testable import VitalsEngine

extension FuzzTarget {
    /// A byte that chooses the kind, then a value of the configuration as written.
    static let values = FuzzTarget(name: "values", feed: ValuesTarget.feed)
}

private enum ValuesTarget {
    private static let parsers: [@Sendable (Given) throws -> Void] = [
        duration, byteCount, listenAddress, slug, webhook, link, text, signingSecret, substitution, number,
    ]

    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        guard let first = bytes.first else { return }
        let text = String(decoding: bytes.dropFirst(), as: UTF8.self)
        do {
            try parsers[Int(first) % parsers.count](Given(text))
        } catch let error as BrokenPromise {
            throw error
        } catch let error as Complaint {
            try promise(!error.message.isEmpty && error.message.utf8.count < 2_048, "a strange complaint")
            try promise(!error.message.contains { $0.isNewline }, "more than a line: \(error.message)")
        } catch {
            throw BrokenPromise(description: "\(error)")
        }
    }

    private static func duration(_ given: Given) throws {
        let range = Duration.milliseconds(1)...(.seconds(400 * 86_400))
        let duration = try DurationText.parse(given, in: range, allowsDays: true)
        try promise(range.contains(duration), "\(duration) is out of range")
        let again = try DurationText.parse(Given(DurationText.shown(duration)), in: range)
        try promise(again == duration, "\(DurationText.shown(duration)) reads back as \(again)")
    }

    private static func byteCount(_ given: Given) throws {
        let range = Int64(100_000_000)...100_000_000_000_000
        try promise(range.contains(try ByteCountText.parse(given, in: range)), "out of range")
    }

    private static func listenAddress(_ given: Given) throws {
        let address = try ListenAddress(given)
        try promise((0...65_535).contains(address.port) && !address.host.isEmpty, "\(address)")
        try promise(try ListenAddress(Given(address.description)) == address, "\(address) is not read back")
    }

    private static func slug(_ given: Given) throws {
        let slug = try Slug.parse(given)
        try promise((1...63).contains(slug.utf8.count) && slug == slug.lowercased(), slug)
    }

    private static func webhook(_ given: Given) throws {
        let url = try WebAddress.webhook(given)
        try promise(url.utf8.allSatisfy { (0x21...0x7E).contains($0) }, "cannot go over the wire")
    }

    private static func link(_ given: Given) throws {
        let link = try WebAddress.link(given).lowercased()
        let isSafe = ["http://", "https://", "mailto:"].contains { link.hasPrefix($0) }
        try promise(isSafe, "a link that a browser would run: \(link)")
    }

    private static func text(_ given: Given) throws {
        let text = try PlainText.parse(given, lengths: 1...100)
        try promise((1...100).contains(text.unicodeScalars.count), "a text of strange length")
    }

    private static func signingSecret(_ given: Given) throws {
        let secret = try SigningSecret.parse(given)
        try promise("\(secret)" != given.text, "a secret is shown")
    }

    private static func number(_ given: Given) throws {
        try promise((3...70).contains(try PlainText.integer(given, in: 3...70)), "out of range")
    }

    /// Nothing that a variable stands for is ever read as one.
    private static func substitution(_ given: Given) throws {
        let value = "${A}$$"
        let result = try Substitution.apply(to: given.raw, environment: ["A": value])
        try promise(result.isVerbatim == !result.variables.contains("A"), "other variables than given")
        if result.isVerbatim {
            let dollar = UInt8(ascii: "$")
            let isSame = result.text.utf8.filter { $0 != dollar } == given.raw.utf8.filter { $0 != dollar }
            try promise(isSame, "changed without a variable")
        }
    }
}

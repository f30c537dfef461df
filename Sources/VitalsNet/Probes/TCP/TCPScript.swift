import VitalsCore
import VitalsEngine

/// What is said to a server and what it has to answer, in order.
struct TCPScript: Sendable, Equatable {
    struct Step: Sendable, Equatable {
        /// Said first; may be empty.
        let send: [UInt8]
        /// Then waited for, in whatever comes; nothing: the next step follows at once.
        let expect: Expectation?
    }

    struct Expectation: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            case text(TextSearch)
            case pattern(Pattern)
        }

        let kind: Kind
        /// As it was written.
        let text: String

        /// For messages; a long one would leave no room for what came.
        var shown: String {
            text.utf8.count <= 200 ? "“\(text)”" : "\(text.utf8.count) bytes"
        }

        fileprivate var identity: String {
            switch kind {
            case .text(let search): "text \(search.bytes)"
            case .pattern(let pattern): "pattern \(pattern.text)"
            }
        }
    }

    let steps: [Step]
    /// What variables stand for in it: never to be shown.
    let secrets: [Secret]

    static let empty = TCPScript(steps: [], secrets: [])
    /// Of one text, as bytes.
    private static let longest = 4_096
    private static let most = 32

    static let field = Field(
        "steps",
        .list(
            .object([
                Field(
                    "send", .target, "what is said, with \\r, \\n, \\t, \\0, \\e, \\xFF and \\\\ for bytes"),
                Field("expect", .target, "what must then come, anywhere in the answer; written likewise"),
                Field("matches", .target, "the regular expression that what comes must match instead"),
            ]), upTo: most), "what is said and what must be answered, in order")

    private init(steps: [Step], secrets: [Secret]) {
        self.steps = steps
        self.secrets = secrets
    }

    /// - Parameter settings: those of the steps.
    init(_ settings: [Settings]) throws(TargetError) {
        var steps: [Step] = []
        var secrets: [Secret] = []
        for step in settings {
            let send = step.target("send")
            let expect = step.target("expect")
            let pattern = step.target("matches")
            guard send != nil || expect != nil || pattern != nil else {
                throw TargetError("has a step that neither sends nor expects anything", field: "steps")
            }
            guard expect == nil || pattern == nil else {
                throw TargetError(
                    "has a step with both `expect` and `matches`: write one of them", field: "steps")
            }
            var wanted: Expectation?
            if let expect { wanted = try Self.expectation(expect) }
            if let pattern { wanted = try Self.match(pattern) }
            steps.append(Step(send: try send.map(Self.bytes) ?? [], expect: wanted))
            for text in [send, expect, pattern] {
                secrets += text?.variables.map { Secret(Self.part($0, of: text?.text ?? "")) } ?? []
            }
        }
        self.init(steps: steps, secrets: secrets)
    }

    /// In bytes.
    var longestSecret: Int { secrets.map(\.revealed.utf8.count).max() ?? 0 }

    /// For `Probe.identity`.
    var identity: String {
        IdentityText.of(steps.flatMap { ["\($0.send)", $0.expect?.identity ?? ""] })
    }

    private static func expectation(_ text: TargetText) throws(TargetError) -> Expectation {
        let bytes = try bytes(text)
        guard !bytes.isEmpty else {
            throw TargetError("expects nothing: leave `expect` out instead", field: "steps")
        }
        return Expectation(kind: .text(TextSearch(bytes)), text: text.text)
    }

    private static func match(_ text: TargetText) throws(TargetError) -> Expectation {
        do {
            return Expectation(kind: .pattern(try Pattern(parsing: text.text)), text: text.text)
        } catch {
            throw TargetError(
                "has a regular expression that is not understood at character \(error.column): "
                    + error.message,
                field: "steps")
        }
    }

    private static func bytes(_ text: TargetText) throws(TargetError) -> [UInt8] {
        let bytes: [UInt8]
        do {
            bytes = try EscapedBytes.parse(text)
        } catch {
            throw TargetError(error.message, field: "steps")
        }
        guard bytes.count <= longest else {
            throw TargetError("has a text of more than \(longest) bytes", field: "steps")
        }
        return bytes
    }

    private static func part(_ range: Range<Int>, of text: String) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }
}

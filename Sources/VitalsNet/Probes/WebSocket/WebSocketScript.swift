import VitalsCore
import VitalsEngine

/// What is said to a server over a WebSocket and what it has to answer, in order.
struct WebSocketScript: Sendable, Equatable {
    struct Step: Sendable, Equatable {
        /// Said first.
        let send: WebSocketMessage?
        /// Then waited for, a message after the other; nothing: the next step follows at once.
        let expect: Expectation?
    }

    struct Expectation: Sendable, Equatable {
        enum Kind: Sendable, Equatable {
            /// Any message will do.
            case any
            case equals([UInt8])
            case contains([UInt8])
            case pattern(Pattern)
        }

        let kind: Kind
        /// As it was written.
        let text: String

        static let any = Expectation(kind: .any, text: "")

        /// For messages; a long one would leave no room for what came.
        var shown: String {
            guard kind != .any else { return "a message" }
            return text.utf8.count <= 200 ? "“\(text)”" : "\(text.utf8.count) bytes"
        }

        fileprivate var identity: String {
            switch kind {
            case .any: "any"
            case .equals: "equals \(text)"
            case .contains: "contains \(text)"
            case .pattern: "pattern \(text)"
            }
        }

        /// Whether a message is what is waited for.
        func matches(_ message: [UInt8]) throws(PatternOverrun) -> Bool {
            switch kind {
            case .any:
                return true
            case .equals(let bytes):
                return message == bytes
            case .contains(let bytes):
                var search = TextSearch(bytes)
                return message.contains { search.take($0) }
            case .pattern(let pattern):
                return try pattern.matches(message)
            }
        }
    }

    let steps: [Step]
    /// What variables stand for in it: never to be shown.
    let secrets: [Secret]

    static let empty = WebSocketScript(steps: [], secrets: [])
    /// Of one text, in bytes.
    private static let longest = 65_536
    private static let most = 32

    static let field = Field(
        "steps",
        .list(
            .object([
                Field("send", .target, "the message that is sent, as it is"),
                Field(
                    "binary", .flag, usual: "false",
                    "whether it is sent as a binary message, with \\r, \\n, \\t, \\0, \\e, \\xFF and \\\\ "
                        + "for bytes"),
                Field("equals", .target, "the message that must then come"),
                Field("expect", .target, "what the message that must come holds, anywhere"),
                Field("matches", .target, "the regular expression that the message must match"),
                Field("any", .flag, usual: "false", "whether any message will do"),
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
            let send = try Self.send(step)
            let expect = try Self.expectation(step)
            guard send != nil || expect != nil else {
                throw TargetError("has a step that neither sends nor expects anything", field: "steps")
            }
            steps.append(Step(send: send, expect: expect))
            for name in ["send", "equals", "expect", "matches"] {
                let text = step.target(name)
                secrets += text?.variables.map { Secret(Self.part($0, of: text?.text ?? "")) } ?? []
            }
        }
        self.init(steps: steps, secrets: secrets)
    }

    /// The same, waiting for some message at its end if it waits for none so far: conditions ask for one.
    func answered() -> WebSocketScript {
        guard !steps.contains(where: { $0.expect != nil }) else { return self }
        return WebSocketScript(steps: steps + [Step(send: nil, expect: .any)], secrets: secrets)
    }

    /// In bytes.
    var longestSecret: Int { secrets.map(\.revealed.utf8.count).max() ?? 0 }

    /// For `Probe.identity`.
    var identity: String {
        IdentityText.of(
            steps.flatMap { step in
                [
                    step.send.map { "\($0.isText) \($0.bytes)" } ?? "",
                    step.expect?.identity ?? "",
                ]
            })
    }

    private static func send(_ step: Settings) throws(TargetError) -> WebSocketMessage? {
        let isBinary = step.flag("binary") ?? false
        guard let text = step.target("send") else {
            guard !isBinary else {
                throw TargetError("has a step that is binary and sends nothing", field: "steps")
            }
            return nil
        }
        guard text.text.utf8.count <= longest else {
            throw TargetError("has a text of more than \(longest) bytes", field: "steps")
        }
        guard isBinary else { return WebSocketMessage(isText: true, bytes: Array(text.text.utf8)) }
        do {
            return WebSocketMessage(isText: false, bytes: try EscapedBytes.parse(text))
        } catch {
            throw TargetError(error.message, field: "steps")
        }
    }

    private static func expectation(_ step: Settings) throws(TargetError) -> Expectation? {
        let names =
            ["equals", "expect", "matches"].filter { step.has($0) }
            + (step.flag("any") == true ? ["any"] : [])
        guard let name = names.first else { return nil }
        guard names.count == 1 else {
            throw TargetError(
                "has a step with both `\(names[0])` and `\(names[1])`: write one of them", field: "steps")
        }
        guard name != "any", let text = step.text(name) else { return .any }
        switch name {
        case "equals":
            return Expectation(kind: .equals(Array(text.utf8)), text: text)
        case "expect":
            guard !text.isEmpty else {
                throw TargetError("expects nothing: write `any: true` instead", field: "steps")
            }
            return Expectation(kind: .contains(Array(text.utf8)), text: text)
        default:
            return Expectation(kind: .pattern(try pattern(text)), text: text)
        }
    }

    private static func pattern(_ text: String) throws(TargetError) -> Pattern {
        do {
            return try Pattern(parsing: text)
        } catch {
            throw TargetError(
                "has a regular expression that is not understood at character \(error.column): "
                    + error.message,
                field: "steps")
        }
    }

    private static func part(_ range: Range<Int>, of text: String) -> String {
        String(decoding: Array(text.utf8)[range], as: UTF8.self)
    }
}

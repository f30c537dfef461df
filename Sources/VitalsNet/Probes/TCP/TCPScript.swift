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
        let search: TextSearch
        /// As it was written.
        let text: String

        /// For messages; a long one would leave no room for what came.
        var shown: String {
            text.utf8.count <= 200 ? "“\(text)”" : "\(search.bytes.count) bytes"
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
            guard send != nil || expect != nil else {
                throw TargetError("has a step that neither sends nor expects anything", field: "steps")
            }
            let wanted = try expect.map { text throws(TargetError) in try Self.expectation(text) }
            steps.append(Step(send: try send.map(Self.bytes) ?? [], expect: wanted))
            for text in [send, expect] {
                secrets += text?.variables.map { Secret(Self.part($0, of: text?.text ?? "")) } ?? []
            }
        }
        self.init(steps: steps, secrets: secrets)
    }

    /// In bytes.
    var longestSecret: Int { secrets.map(\.revealed.utf8.count).max() ?? 0 }

    /// For `Probe.identity`.
    var identity: String {
        IdentityText.of(steps.flatMap { ["\($0.send)", $0.expect.map { "\($0.search.bytes)" } ?? ""] })
    }

    private static func expectation(_ text: TargetText) throws(TargetError) -> Expectation {
        let bytes = try bytes(text)
        guard !bytes.isEmpty else {
            throw TargetError("expects nothing: leave `expect` out instead", field: "steps")
        }
        return Expectation(search: TextSearch(bytes), text: text.text)
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

import VitalsCore
import VitalsEngine

/// What a webhook sends beside what every webhook does: its method, headers of its author's, and a body by a
/// template of his.
struct WebhookRequest: Sendable {
    private(set) var method = "POST"
    /// Beside those that every webhook has.
    private(set) var headers: [(name: String, value: String)] = []
    private var template: Template?
    private var escaping = Template.Escaping.json

    /// As the settings of a check say nothing.
    init() {}

    init(_ settings: Settings) throws(TargetError) {
        method = settings.text("method") ?? method
        for pair in settings.pairs("headers") {
            headers.append((name: pair.name, value: try Self.value(of: pair)))
        }
        let contentType = headers.first { $0.name.lowercased() == "content-type" }?.value
        escaping = Template.Escaping(contentType: contentType ?? Self.contentType)
        guard let text = settings.text("template") else { return }
        guard method != "GET" else {
            throw TargetError("has a `template`, but `method: GET` sends no body", field: "template")
        }
        template = try Self.template(text, escaping)
    }

    /// What hides from those who read of failures: headers mostly hold a token.
    var secrets: [Secret] {
        headers.filter { $0.name.lowercased() != "content-type" }.map { Secret($0.value) }
    }

    /// Nothing for a method that has none.
    func body(_ frozen: String) -> String? {
        guard method != "GET" else { return nil }
        return template.map { $0.render(Message(reading: frozen), escaping) } ?? frozen
    }

    /// With the type of the body, unless a header gives it.
    var allHeaders: [(name: String, value: String)] {
        let hasType = headers.contains { $0.name.lowercased() == "content-type" }
        return hasType || method == "GET"
            ? headers : [(name: "Content-Type", value: Self.contentType)] + headers
    }

    static let fields = [
        Field("method", .choice(["POST", "PUT", "PATCH", "GET"]), usual: "POST", "how the URL is called"),
        Field("headers", .pairs(upTo: 20), isSecret: true, "headers of your own"),
        Field("template", .lines(upTo: 16_384), "a body of your own, in which {{fields}} are put in"),
    ]

    private static let contentType = "application/json"

    /// Ours to write, or such that another would make another request of this one.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "user-agent", "accept", "expect",
        "upgrade", "te", "trailer", "webhook-id", "webhook-timestamp", "webhook-signature",
    ]

    private static func value(of pair: Settings.Pair) throws(TargetError) -> String {
        let isName =
            (1...64).contains(pair.name.utf8.count)
            && pair.name.utf8.allSatisfy {
                (0x21...0x7E).contains($0) && !"\"(),/:;<=>?@[\\]{}".utf8.contains($0)
            }
        guard isName else { throw TargetError("has a header whose name cannot be one", field: "headers") }
        guard !reserved.contains(pair.name.lowercased()) else {
            throw TargetError("has the header \(pair.name), which is not yours to set", field: "headers")
        }
        let value = pair.value.text
        guard value.utf8.count <= 4_096, value.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw TargetError(
                "has a header \(pair.name) that is too long, or not of printable ASCII on one line",
                field: "headers")
        }
        return value
    }

    private static func template(
        _ text: String, _ escaping: Template.Escaping
    ) throws(TargetError) -> Template {
        let template: Template
        do {
            template = try Template(parsing: text)
        } catch {
            throw TargetError(message(of: error), field: "template")
        }
        guard escaping == .json else { return template }
        do {
            _ = try JSON(parsing: Array(template.render(Message(.null), escaping).utf8), .strict)
        } catch {
            throw TargetError(
                "does not make JSON (\(error.message)); another type is set by the header "
                    + "Content-Type", field: "template")
        }
        return template
    }

    private static func message(of error: TemplateError) -> String {
        switch error {
        case .unclosed:
            return "opens {{ and never closes it by }}"
        case .unknown(let name):
            let shown = Printable.prefix(Printable.text(name), bytes: 40)
            let nearest = NearestName.to(name, among: MessageField.allCases.map(\.rawValue))
            let meant = nearest.map { "; did you mean {{\($0)}}?" } ?? ""
            return "puts in {{\(shown)}}, which no message has\(meant)"
        }
    }
}

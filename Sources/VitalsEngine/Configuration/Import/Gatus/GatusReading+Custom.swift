import VitalsCore

/// Providers of the type `custom`, which call any URL with any body.
extension GatusReading {
    /// What Gatus puts in, and what is put in here instead.
    private static let placeholders = [
        ("[ALERT_DESCRIPTION]", "{{summary}}"), ("[ENDPOINT_NAME]", "{{system.name}}"),
        ("[ENDPOINT_URL]", "{{target}}"), ("[RESULT_ERRORS]", "{{message}}"),
        ("[RESULT_CONDITIONS]", "{{message}}"), ("[ALERT_TRIGGERED_OR_RESOLVED]", "{{type}}"),
    ]
    private static let group = "[ENDPOINT_GROUP]"

    mutating func custom(
        _ values: inout [String: ImportSource], _ id: String
    ) -> [(String, JSON)]? {
        guard let source = values.removeValue(forKey: "url"), source.text != nil else { return nil }
        let bodySource = values.removeValue(forKey: "body")
        let headers = values.removeValue(forKey: "headers")
        let methodSource = values.removeValue(forKey: "method")
        if let words = values.removeValue(forKey: "placeholders"), !words.isEmpty {
            ledger.drop(words, "the words are those of the event here: `down`, `recovered`, ...")
        }
        guard let url = secret(source, to: "\(id): url", variable: "\(id)_url"), !Self.isFilled(url) else {
            ledger.drop(source, "nothing can be put into the URL of a webhook: send it in the body")
            return nil
        }
        var settings: [(String, JSON)] = [("url", .string(url))]
        let body = template(bodySource, id)
        let method = text(methodSource, to: "\(id): method")?.uppercased() ?? "GET"
        if let methodSource, body != nil, method == "GET" {
            ledger.note(.changed, methodSource, "is POST here, as a GET sends no body")
        }
        settings.append(("method", .string(body != nil && method == "GET" ? "POST" : method)))
        var sent = self.headers(headers, id)
        let isTyped = sent.contains { $0.0.lowercased() == "content-type" }
        if let body, !isTyped, !["{", "["].contains(body.first { !$0.isWhitespace }) {
            sent.append(("Content-Type", "text/plain"))
        }
        if !sent.isEmpty { settings.append(("headers", JSON(members: sent))) }
        if let body { settings.append(("template", .string(body))) }
        return settings
    }

    private static func isFilled(_ text: String) -> Bool {
        (placeholders.map(\.0) + [group]).contains { text.contains($0) }
    }

    private mutating func headers(_ source: ImportSource?, _ id: String) -> [(String, JSON)] {
        var headers: [(String, JSON)] = []
        for (name, source) in source?.entries ?? [] {
            guard !ImportVariables.hasVariable(name) else {
                ledger.drop(source, "a variable cannot be the name of a header here")
                continue
            }
            guard !Self.isFilled(source.text ?? "") else {
                ledger.drop(source, "nothing can be put into the headers of a webhook: send it in the body")
                continue
            }
            let place = "\(id): headers.\(name)"
            let value =
                Self.isSecret(name)
                ? secret(source, to: place, variable: "\(id)_\(name)") : text(source, to: place)
            if let value { headers.append((name, .string(value))) }
        }
        return headers
    }

    private mutating func template(_ source: ImportSource?, _ id: String) -> String? {
        guard let source, let text = text(source, to: "\(id): template") else { return nil }
        guard !text.contains("{{") else {
            ledger.drop(source, "holds {{, which a template takes for one of its fields: write it by hand")
            return nil
        }
        var template = text
        for (theirs, ours) in Self.placeholders where template.contains(theirs) {
            template = template.replacing(theirs, with: ours)
            ledger.note(.changed, source, "\(theirs) is \(ours) here, whose words are others")
        }
        if template.contains(Self.group) {
            template = template.replacing(Self.group, with: "")
            ledger.note(.changed, source, "\(Self.group) is left out: a message does not name its groups")
        }
        return template
    }
}

import Testing
import VitalsCore

@testable import VitalsEngine

/// Imports with forms that have the fields of the real ones, and take whatever is in their types.
enum ImportFixture {
    static let importer = GatusImporter(reader: reader(withHeartbeats: true))

    static func reader(withHeartbeats: Bool) -> ConfigurationReader {
        ConfigurationReader(
            forms: forms.filter { withHeartbeats || $0.kind.name != "heartbeat" }, channelForms: channels
        ) { Revision($0) }
    }

    static func read(_ text: String) throws -> ImportedConfiguration {
        try importer.read([ConfigurationFile(name: "gatus.yaml", text: text)])
    }

    /// What is made of one endpoint, without what stands above and around it.
    static func check(_ endpoint: String) throws -> String {
        let imported = try read("endpoints:\n" + indented(endpoint))
        let parts = imported.yaml.split(separator: "checks:\n", maxSplits: 1)
        guard parts.count == 2 else { return "" }
        return parts[1].split(separator: "\n").map { String($0.dropFirst(6)) }.joined(separator: "\n")
    }

    /// As the first item of a list.
    private static func indented(_ text: String) -> String {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return lines.enumerated().map { ($0.offset == 0 ? "  - " : "    ") + $0.element }
            .joined(separator: "\n")
    }

    private static let text = FieldType.lines(upTo: 65_536)

    private static let tls = [
        Field("verify", .choice(["full", "ca", "none"]), "how far"), Field("certificate", text, "ours"),
        Field("key", text, isSecret: true, "its key"),
    ]

    private static let forms = [
        form(
            "http", observes: [.always, .status, .headers, .body, .address, .certificate],
            [
                Field("url", .target, isRequired: true, "the URL"),
                Field("method", .choice(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]), "what is asked"),
                Field("headers", .pairs(upTo: 50), "headers"), Field("body", text, "the body"),
                Field(
                    "basic", .object([Field("username", text, "who"), Field("password", text, "by what")]),
                    "login"),
                Field(
                    "oauth2",
                    .object([
                        Field("token_url", .url, isRequired: true, "where"), Field("client_id", text, "who"),
                        Field("client_secret", text, "by what"),
                        Field("scopes", .list(text, upTo: 9), "what for"),
                    ]), "login"),
                Field("tls", .object(tls), "TLS"), Field("proxy", text, "the proxy"),
                Field("redirects", .integer(0...20), "how many"),
                Field("insecure_redirects", .flag, "whether"), Field("status", .list(text, upTo: 9), "which"),
            ]),
        form(
            "tcp", observes: [.always, .address, .certificate, .body],
            [
                Field("address", .target, isRequired: true, "where"), Field("tls", .flag, "whether"),
                Field(
                    "steps",
                    .list(.object([Field("send", text, "what"), Field("matches", text, "what")]), upTo: 9),
                    "what is said"),
            ] + tls),
        form(
            "tls", observes: [.always, .address, .certificate],
            [
                Field("address", .target, isRequired: true, "where"),
                Field("starttls", .choice(["smtp"]), "how"), Field("warn_days", .integer(0...90), "days"),
                Field("fail_days", .integer(0...90), "days"),
            ] + tls),
        form(
            "icmp", observes: [.always, .address],
            [
                Field("host", .target, isRequired: true, "whom"),
                Field("count", .integer(1...9), "how often"),
                Field("family", .choice(["any", "ip4", "ip6"]), "by what"),
            ]),
        form(
            "dns", observes: [.always, .address, .dnsCode, .body],
            [
                Field("name", .target, isRequired: true, "which"),
                Field("type", .choice(["A", "NS", "MX"]), "what"),
                Field("server", text, "whom"), Field("transport", .choice(["udp", "tcp"]), "how"),
            ]),
        form(
            "websocket", observes: [.always, .headers, .body, .address, .certificate],
            [
                Field("url", .target, isRequired: true, "the URL"),
                Field(
                    "steps",
                    .list(
                        .object([
                            Field("send", .target, "what"), Field("equals", .target, "what"),
                            Field("any", .flag, "whether"),
                        ]), upTo: 9), "what is said"),
                Field("ping", .flag, "whether"), Field("headers", .pairs(upTo: 50), "headers"),
                Field(
                    "basic", .object([Field("username", text, "who"), Field("password", text, "by what")]),
                    "login"),
                Field("tls", .object(tls), "TLS"),
            ]),
        form(
            "heartbeat", observes: [],
            [
                Field(
                    "period", .duration(.seconds(10)...(.seconds(365 * 86_400))), isRequired: true,
                    "how often"),
                Field("grace", .duration(.seconds(10)...(.seconds(365 * 86_400))), "how late"),
                Field("token", text, isSecret: true, "by what"), Field("key", text, "by what name"),
            ]),
    ]

    private static func form(_ name: String, observes: ConditionNeeds, _ fields: [Field]) -> ProbeForm {
        let kind = ProbeKind(name, isDatabase: false)
        return ProbeForm(kind: kind, schemes: [name], fields: fields, observes: observes) {
            settings throws(TargetError) in
            // As the real ones do, with words that quote what they found.
            let target = name == "heartbeat" ? name : settings.text(fields[0].name) ?? ""
            if target.contains(" ") { throw TargetError("“\(target)” holds a blank") }
            return Named(kind: kind, endpoint: target)
        }
    }

    private static let channels = [
        channel("slack", [Field("url", .url, isRequired: true, isSecret: true, "where")]),
        channel("discord", [Field("url", .url, isRequired: true, isSecret: true, "where")]),
        channel(
            "webhook",
            [
                Field("url", .url, isRequired: true, "where"),
                Field("method", .choice(["POST", "GET"]), "how"),
                Field("headers", .pairs(upTo: 9), "headers"), Field("template", text, "body"),
            ]),
        channel(
            "ntfy",
            [Field("url", .url, isRequired: true, "where"), Field("token", text, isSecret: true, "by what")]),
        channel(
            "smtp",
            [
                Field("host", text, isRequired: true, "where"), Field("port", .integer(1...65_535), "where"),
                Field("security", .choice(["starttls", "tls"]), "how"), Field("username", text, "who"),
                Field("password", text, isSecret: true, "by what"),
                Field("from", text, isRequired: true, "who"),
                Field("to", text, isRequired: true, "whom"),
            ]),
    ]

    private static func channel(_ kind: String, _ fields: [Field]) -> ChannelForm {
        ChannelForm(kind: kind, fields: fields) { id, settings in
            ConfigurationFixture.SettingsOnly(id: id, settings: settings)
        }
    }

    private struct Named: Probe {
        let kind: ProbeKind
        let endpoint: String
        var address: String { endpoint }
        var identity: String { "\(kind.name) \(endpoint)" }

        func start(_ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void) -> ProbeCancellation {
            done(ProbeResult(latency: .zero))
            return {}
        }
    }
}

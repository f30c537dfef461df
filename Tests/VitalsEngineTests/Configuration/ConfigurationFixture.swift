import VitalsCore
import VitalsEngine

/// Reads configurations with small forms of their own, which behave as the real ones do: they refuse some
/// targets, and their words may quote what they found.
enum ConfigurationFixture {
    static let postgres = ProbeKind("postgres", isDatabase: true)
    static let http = ProbeKind("http", isDatabase: false)
    static let tcp = ProbeKind("tcp", isDatabase: false)

    static let reader = ConfigurationReader(forms: forms, channelForms: [webhook]) { identity in
        Revision("digest of \(identity)")
    }

    private static let webhook = ChannelForm(
        kind: "webhook",
        fields: [
            Field("url", .url, isRequired: true, "where to post to"),
            Field("secret", .signingSecret, isSecret: true, "what messages are signed with"),
        ]
    ) { id, settings in SettingsOnly(id: id, settings: settings) }

    static let forms = [
        form(postgres, ["postgres"]) { target throws(TargetError) in
            guard target.text.hasPrefix("postgres://") else {
                throw TargetError("does not begin with postgres://")
            }
            if let mode = target.text.split(separator: "sslmode=").dropFirst().first, mode != "verify-full" {
                throw TargetError("\"\(mode)\" is no sslmode")
            }
        },
        form(http, ["http", "https"]) { target throws(TargetError) in
            guard target.text.hasPrefix("http") else {
                throw TargetError("does not begin with http:// or https://")
            }
        },
        form(tcp, ["tcp"]) { target throws(TargetError) in
            guard target.text.contains(":") else { throw TargetError("has no port; write host:port") }
        },
    ]

    /// A kind that would run programs.
    private static let exec = ProbeForm(
        kind: ProbeKind("exec", isDatabase: false), schemes: [],
        fields: [Field("command", .target, isRequired: true, "what to run")], isLocal: true
    ) { settings in
        TargetOnly(kind: ProbeKind("exec", isDatabase: false), address: settings.text("command") ?? "")
    }

    /// With that kind too.
    static let localReader = ConfigurationReader(forms: forms + [exec], channelForms: [webhook]) {
        Revision($0)
    }

    private static func form(
        _ kind: ProbeKind, _ schemes: [String],
        check: @escaping @Sendable (TargetText) throws(TargetError) -> Void
    ) -> ProbeForm {
        let fields = [Field("target", .target, isRequired: true, "what to probe")]
        return ProbeForm(kind: kind, schemes: schemes, fields: fields) { settings throws(TargetError) in
            let target = settings.target("target") ?? ""
            try check(target)
            return TargetOnly(kind: kind, address: target.text)
        }
    }

    static func read(
        _ text: String?, environment: [String: String] = [:], listen: String? = nil
    ) throws(ConfigurationError) -> ReadConfiguration {
        let file = text.map { ConfigurationFile(name: "vitals.yaml", text: $0) }
        return try reader.read(
            files: file.map { [$0] } ?? [], environment: environment,
            flags: ConfigurationFlags(listen: listen))
    }

    /// The lines of the error; none if there is none.
    static func problems(
        _ text: String?, environment: [String: String] = [:], listen: String? = nil
    ) -> [String] {
        do {
            _ = try read(text, environment: environment, listen: listen)
            return []
        } catch {
            return error.description.split(separator: "\n").map(String.init)
        }
    }

    /// A system with one check and `key` written on its line 6, column 9.
    static func check(_ key: String) -> String {
        """
        systems:
          - id: shop
            checks:
              - id: port
                tcp: 127.0.0.1:80
                \(key)
        """
    }

    /// A probe that only knows its target; nobody starts it.
    private struct TargetOnly: Probe {
        let kind: ProbeKind
        let address: String
        var endpoint: String { address }
        var identity: String { "\(kind.name) \(address)" }

        func start(
            _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
        ) -> ProbeCancellation {
            done(ProbeResult(latency: .zero))
            return {}
        }
    }

    /// A channel that only knows its settings; nobody sends by it.
    struct SettingsOnly: Channel {
        let id: ChannelID
        let settings: Settings
        let kind = "webhook"
        var warnings: [String] {
            settings.has("secret") ? [] : ["has no `secret`: what is sent will be unsigned"]
        }

        func send(
            _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
        ) async -> DeliveryOutcome {
            preconditionFailure("nothing is sent here")
        }
    }
}

import VitalsCore
import VitalsEngine

@testable import VitalsNet

extension FuzzTarget {
    /// A whole `vitals.yaml`. `${SECRET}` stands for the marker, which nothing that is said may hold.
    static let yaml = FuzzTarget(name: "yaml", feed: YAMLTarget.feed)
}

private enum YAMLTarget {
    static func feed(_ bytes: [UInt8]) throws(BrokenPromise) {
        let file: ConfigurationFile
        do {
            file = try ConfigurationFile(name: "vitals.yaml", bytes: bytes)
        } catch {
            return try check(error.problems, of: "")
        }
        // What is written plainly may be shown plainly.
        guard !file.text.contains(secretMarker) else { return }
        let environment = [
            "SECRET": "\(secretMarker):/@?#\n", "API_TOKEN": "\(secretMarker)-\(secretMarker)",
        ]
        do {
            let read = try reader.read(file: file, environment: environment, flags: ConfigurationFlags())
            try check(read.warnings, of: file.text)
            try check(read.configuration)
        } catch let error as BrokenPromise {
            throw error
        } catch let error as ConfigurationError {
            try promise(!error.problems.isEmpty, "refused without a reason")
            try check(error.problems, of: file.text)
        } catch {
            throw BrokenPromise(description: "\(error)")
        }
    }

    private static func check(_ problems: [ConfigurationProblem], of text: String) throws(BrokenPromise) {
        try promise(problems.count <= ConfigurationError.maximumProblems, "\(problems.count) problems")
        let lines = text.count { $0.isNewline } + 1
        for problem in problems {
            let said = problem.description
            try promise(!said.contains(secretMarker), "shows a secret: \(said)")
            try promise(!said.contains { $0.isNewline || $0 == "\u{1B}" }, "more than a line: \(said)")
            try promise(said.utf8.count < 4_096, "\(said.utf8.count) bytes")
            if case .value(_, let position, _) = problem.place {
                try promise(
                    (1...lines + 1).contains(position.line) && position.column > 0, "where is \(said)")
            }
        }
    }

    private static func check(_ configuration: Configuration) throws(BrokenPromise) {
        let ids = configuration.healthChecks.map(\.healthCheck.id)
        try promise(Set(ids).count == ids.count, "two health checks of one id")
        let systems = Set(configuration.systems.map(\.id))
        try promise(systems.count == configuration.systems.count, "two systems of one id")
        let channels = Set(configuration.channels.map(\.settings.id))
        for entry in configuration.healthChecks {
            let policy = entry.healthCheck.policy
            try promise(systems.contains(entry.healthCheck.system), "a health check of no system")
            try promise(policy.timeout > .zero && policy.timeout <= policy.interval, "a strange timeout")
            try promise(
                entry.healthCheck.bindings.allSatisfy { channels.contains($0.channel) }, "no such channel")
            try promise(!entry.probe.address.contains(secretMarker), "shows \(entry.probe.address)")
        }
    }

    /// The forms of the product, whose probes are never started here.
    private static let reader = ConfigurationReader(
        forms: [
            form(PostgresProbe.kind) { target throws(TargetError) in
                do throws(PostgresDSNError) {
                    let dsn = try PostgresDSNParser.parse(target.text, defaultUser: "me")
                    return TargetOnly(
                        kind: PostgresProbe.kind, endpoint: dsn.endpoint, address: dsn.redacted)
                } catch {
                    throw TargetError(error.message)
                }
            },
            form(.http) { target throws(TargetError) in
                let url = try HTTPURL(parsing: target.text, variables: target.variables)
                return TargetOnly(kind: .http, endpoint: url.endpoint, address: url.redacted)
            },
        ], channelForms: [webhook]
    ) { identity in Revision("\(identity.utf8.count)") }

    private static func form(
        _ kind: ProbeKind, _ make: @escaping @Sendable (TargetText) throws(TargetError) -> any Probe
    ) -> ProbeForm {
        let fields = [
            Field("target", .target, isRequired: true, "what to probe"),
            Field("headers", .pairs(upTo: 8), "what else to send"),
            Field(
                "steps", .list(.object([Field("send", .lines(upTo: 64), "a line")]), upTo: 8), "what to say"),
        ]
        return ProbeForm(kind: kind, schemes: [], fields: fields) { settings throws(TargetError) in
            try make(settings.target("target") ?? "")
        }
    }

    private static let webhook = ChannelForm(
        kind: "webhook",
        fields: [
            Field("url", .url, isRequired: true, "where to post to"),
            Field("secret", .signingSecret, isSecret: true, "what messages are signed with"),
        ]
    ) { id, _ in NoChannel(id: id) }

    private struct NoChannel: Channel {
        let id: ChannelID
        let kind = "webhook"

        func send(
            _ notification: NotificationID, body: String, at: Timestamp, timeout: Duration
        ) async -> DeliveryOutcome {
            preconditionFailure("nothing is sent here")
        }
    }

    private struct TargetOnly: Probe {
        let kind: ProbeKind
        let endpoint: String
        let address: String
        var identity: String { address }

        init(kind: ProbeKind, endpoint: Endpoint, address: String) {
            self.kind = kind
            self.endpoint = endpoint.description
            self.address = address
        }

        func start(
            _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
        ) -> ProbeCancellation {
            preconditionFailure("nothing is started here")
        }
    }
}

import VitalsCore
import VitalsEngine

/// Asks a name server for the records of a name, and passes when they are what is expected.
struct DNSProbe: Probe {
    let kind = ProbeKind.dns
    let endpoint: String
    let address: String
    let identity: String
    private var settings: DNSProbeSettings
    private var target: ProbeTarget
    private let loops: NetworkLoops

    /// More than the longest message, and another.
    private static let readLimit = 1 << 18
    /// How long a datagram is waited for before it is sent again, unless the run is short.
    private static let patience = Duration.seconds(1)

    init(_ settings: DNSProbeSettings, loops: NetworkLoops) {
        self.settings = settings
        self.loops = loops
        endpoint = settings.endpoint.description
        address = settings.address
        identity = settings.identity
        target = ProbeTarget(
            settings.endpoint, by: settings.usesTCP ? .stream : .datagram, family: settings.family,
            readLimit: Self.readLimit)
    }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        probe.target.needs = needs
        if needs.contains(.dnsCode) { probe.settings.expectation.code = nil }
        return probe
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let dialogue = DNSDialogue(
            settings, id: UInt16.random(in: .min ... .max), patience: min(Self.patience, job.timeout / 3))
        return ProbeConnection.start(target, dialogue, timeout: job.timeout, on: loops.current, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields = [
            Field("name", .target, isRequired: true, "name to ask for, or a dns: URL"),
            Field("type", .choice(DNSKind.allCases.map(\.text)), usual: "A", "kind of record to ask for"),
            Field(
                "server", .text(upTo: 300), "name server to ask, host or host:port; else the machine's own"),
            Field(
                "transport", .choice(["udp", "tcp"]), usual: "udp",
                "how to ask; what is too long for UDP is asked for by TCP"),
            Field(
                "expected", .list(.text(upTo: 4_096), upTo: 100), "records as in a zone file, in any order"),
            Field(
                "match", .choice(DNSExpectation.Match.allCases.map(\.rawValue)), usual: "all",
                "whether all of those, any of them, or exactly they must be answered"),
            Field("code", .choice(DNSCode.texts), usual: "NOERROR", "response code to expect"),
            .family,
        ]
        return ProbeForm(
            kind: .dns, schemes: ["dns"], fields: fields, observes: [.always, .address, .dnsCode, .body],
            facts: DeclaredFacts.dns
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            DNSProbe(try DNSProbeSettings(settings), loops: loops)
        }
    }
}

extension DNSProbeSettings {
    fileprivate init(_ settings: Settings) throws(TargetError) {
        let kind = settings.text("type").flatMap { DNSKind(text: $0) }
        try self.init(parsing: settings.text("name") ?? "", kind: kind, server: settings.text("server"))
        usesTCP = settings.text("transport") == "tcp"
        family = settings.family
        let match = settings.text("match").flatMap(DNSExpectation.Match.init(rawValue:)) ?? .all
        let code = settings.text("code").flatMap { DNSCode(text: $0) } ?? .noError
        do {
            expectation = try DNSExpectation(
                settings.texts("expected"), of: self.kind, match: match, code: code)
        } catch {
            throw TargetError(error.message, field: "expected")
        }
    }
}

extension ProbeKind {
    static let dns = ProbeKind("dns", isDatabase: false)
}

import NIOCore
import VitalsCore
import VitalsEngine

/// Pings a machine, and passes when it answers.
///
/// By the sockets that the kernel has for that purpose, which need no privilege but the leave of
/// `net.ipv4.ping_group_range`.
struct EchoProbe: Probe {
    let kind = ProbeKind.icmp
    let endpoint: String
    let identity: String
    private let settings: EchoProbeSettings
    private var target: ProbeTarget
    private let loops: NetworkLoops

    init(_ settings: EchoProbeSettings, loops: NetworkLoops) {
        self.settings = settings
        self.loops = loops
        let endpoint = Endpoint.machine(settings.host)
        self.endpoint = endpoint.description
        identity = settings.identity
        target = ProbeTarget(
            endpoint, by: .echo(payload: settings.payload), family: settings.family,
            readLimit: Self.copies * settings.count * (settings.payload + EchoMessage.headerSize))
    }

    /// Networks may deliver a message more than once.
    private static let copies = 10

    /// Bytes that nobody else's reply holds.
    private static let tokenSize = 16

    var address: String { endpoint }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        probe.target.needs = needs
        return probe
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        // The last request leaves at half of the time at the latest.
        let interval = min(settings.interval, job.timeout / (2 * settings.count))
        let token = (0..<Self.tokenSize).map { _ in UInt8.random(in: .min ... .max) }
        let payload = token + [UInt8](repeating: 0x56, count: settings.payload - token.count)
        let dialogue = EchoDialogue(settings, interval: interval, payload: payload, now: { .now() })
        return ProbeConnection.start(target, dialogue, timeout: job.timeout, on: loops.current, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields = [
            Field("host", .target, isRequired: true, "name or address to ping"),
            Field("count", .integer(EchoProbeSettings.counts), usual: "3", "echo requests a run"),
            Field(
                "interval", .duration(.milliseconds(1)...(.seconds(60))), usual: "200ms",
                "from one to the next; less where the timeout is short"),
            Field("payload_bytes", .integer(EchoProbeSettings.payloads), usual: "56", "bytes in each"),
            Field(
                "max_loss", .integer(0...99), usual: "99",
                "so many of a hundred may stay without a reply"),
            .family,
        ]
        return ProbeForm(
            kind: .icmp, schemes: ["icmp"], fields: fields, observes: [.always, .address],
            facts: DeclaredFacts.icmp
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            var echo = try EchoProbeSettings(parsing: settings.text("host") ?? "")
            echo.count = settings.integer("count") ?? echo.count
            echo.interval = settings.duration("interval") ?? echo.interval
            echo.payload = settings.integer("payload_bytes") ?? echo.payload
            echo.maximumLoss = settings.integer("max_loss")
            echo.family = settings.family
            return EchoProbe(echo, loops: loops)
        }
    }
}

extension ProbeKind {
    static let icmp = ProbeKind("icmp", isDatabase: false)
}

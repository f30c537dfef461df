import NIOCore
import VitalsCore
import VitalsEngine

/// Passes when a TCP connection can be had, and what is said on it is answered as it should be:
/// `db1.example.com:5432`, `tcp://[::1]:5432`.
struct TCPProbe: Probe {
    let kind = ProbeKind.tcp
    let endpoint: String
    let identity: String
    private var target: ProbeTarget
    private let script: TCPScript
    private let loops: NetworkLoops

    /// Bytes read in one run.
    private static let readLimit = 64 << 10

    init(_ settings: Settings, loops: NetworkLoops) throws(TargetError) {
        let endpoint = try HostAndPort.endpoint(settings.text("address") ?? "", schemes: ["tcp"])
        let isSecure = settings.flag("tls") ?? false
        if !isSecure, let field = TLSFields.all.first(where: { settings.has($0.name) }) {
            throw TargetError("is of no use without `tls: true`", field: field.name)
        }
        let tls = isSecure ? try TLSFields.read(settings) : .disabled
        let script = try TCPScript(settings.objects("steps"))
        self.script = script
        self.endpoint = endpoint.description
        self.loops = loops
        identity =
            isSecure || !script.steps.isEmpty
            ? IdentityText.of(["tcp", endpoint.description, tls.identityText, script.identity])
            : "tcp \(endpoint)"
        target = ProbeTarget(
            endpoint, tls: tls, startsWithTLS: isSecure, readLimit: Self.readLimit, secrets: script.secrets)
    }

    var address: String { endpoint }

    func scrubbed(_ text: String) -> String { target.scrubber.scrub(text) }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        probe.target.needs = needs
        return probe
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        ProbeConnection.start(
            target, TCPDialogue(script), timeout: job.timeout, on: loops.current, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let fields =
            [
                Field("address", .target, isRequired: true, "host:port to connect to"), TCPScript.field,
                Field("tls", .flag, usual: "false", "whether TLS begins with the first byte"),
            ] + TLSFields.all
        return ProbeForm(
            kind: .tcp, schemes: ["tcp"], fields: fields, observes: [.always, .address, .certificate, .body],
            facts: DeclaredFacts.tcp
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try TCPProbe(settings, loops: loops)
        }
    }
}

extension ProbeKind {
    static let tcp = ProbeKind("tcp", isDatabase: false)
}

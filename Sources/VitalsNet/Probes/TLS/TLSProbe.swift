import VitalsCore
import VitalsEngine

/// Passes when a TLS handshake can be had with a server whose certificate is trusted and lasts:
/// `www.example.com:443`, `tls://[::1]:443`, `starttls://mail.example.com:25`.
struct TLSProbe: Probe {
    let kind = ProbeKind.tls
    let endpoint: String
    let identity: String
    private var target: ProbeTarget
    private let upgrade: StartTLS?
    private let days: CertificateDays
    private let loops: NetworkLoops

    /// A server says little before TLS, and nothing of what it says behind it is read.
    private static let readLimit = 64 << 10

    init(_ settings: Settings, loops: NetworkLoops) throws(TargetError) {
        let written = settings.text("address") ?? ""
        let isMail = written.lowercased().hasPrefix("starttls://")
        let endpoint = try HostAndPort.endpoint(written, schemes: ["tls", "starttls"])
        upgrade = settings.text("starttls").flatMap(StartTLS.init(rawValue:)) ?? (isMail ? .smtp : nil)
        let warn = settings.integer("warn_days") ?? CertificateDays.usual.warn
        let fail = settings.integer("fail_days") ?? min(warn, CertificateDays.usual.fail)
        guard fail <= warn else {
            throw TargetError(
                "is more than warn_days (\(warn)), so that nothing would ever warn: raise that as well",
                field: "fail_days")
        }
        days = CertificateDays(warn: warn, fail: fail)
        let tls = try TLSFields.read(settings)
        self.endpoint = endpoint.description
        self.loops = loops
        identity = IdentityText.of([
            "tls", endpoint.description, upgrade?.rawValue ?? "", tls.identityText,
        ])
        target = ProbeTarget(
            endpoint, tls: tls, startsWithTLS: upgrade == nil, wantsChain: true, readLimit: Self.readLimit)
    }

    var address: String { endpoint }

    func observing(_ needs: ConditionNeeds) -> any Probe {
        var probe = self
        probe.target.needs = needs
        return probe
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        ProbeConnection.start(
            target, TLSDialogue(upgrade, days: days), timeout: job.timeout, on: loops.current, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops) -> ProbeForm {
        let days = 0...3_650
        let fields =
            [
                Field("address", .target, isRequired: true, "host:port to shake hands with"),
                Field(
                    "starttls", .choice(StartTLS.allCases.map(\.rawValue)),
                    "the protocol that is to begin TLS, where it does not begin with the first byte"),
                Field("warn_days", .integer(days), usual: "21", "fewer days left than this are a warning"),
                Field("fail_days", .integer(days), usual: "7", "fewer days left than this are a failure"),
            ] + TLSFields.all
        return ProbeForm(
            kind: .tls, schemes: ["tls", "starttls"], fields: fields,
            observes: [.always, .address, .certificate], facts: DeclaredFacts.tls
        ) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try TLSProbe(settings, loops: loops)
        }
    }
}

extension ProbeKind {
    static let tls = ProbeKind("tls", isDatabase: false)
}

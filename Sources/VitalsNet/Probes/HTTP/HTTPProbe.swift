import NIOCore
import VitalsCore
import VitalsEngine

/// GETs a URL over HTTP/1.1 and passes on a status of 2xx or 3xx: `https://orders.example.com/health`.
/// Redirects are not followed; of the body at most 1 MiB is read.
struct HTTPProbe: Probe {
    let kind = ProbeKind.http
    let endpoint: String
    let address: String
    let identity: String
    private let target: ProbeTarget
    private let request: HTTPRequest
    private let loops: NetworkLoops

    private static let bodyLimit = 1 << 20

    /// - Parameters:
    ///   - tls: for `https`. Default: the certificate is verified in full, by the system's authorities.
    ///   - userAgent: `vitals/<version>`.
    init(
        parsing target: TargetText, tls: TLSSettings = TLSSettings(.verifyFull), userAgent: String,
        loops: NetworkLoops
    ) throws(TargetError) {
        let url = try HTTPURL(parsing: target.text, variables: target.variables)
        self.loops = loops
        endpoint = url.endpoint.description
        address = url.redacted
        identity =
            "http GET \(url.origin)\(url.requestTarget) \(tls.mode.rawValue) \(tls.authorities?.written ?? "")"
        request = HTTPRequest("GET", url, userAgent: userAgent)
        self.target = ProbeTarget(
            url.endpoint, tls: url.isSecure ? tls : .disabled, startsWithTLS: url.isSecure,
            secrets: url.secrets)
    }

    func start(
        _ job: ProbeJob, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let dialogue = HTTPDialogue(request.bytes, .good(bodyLimit: Self.bodyLimit))
        return ProbeConnection.start(target, dialogue, timeout: job.timeout, on: loops.current, done: done)
    }

    /// The form for the registry.
    static func form(on loops: NetworkLoops, userAgent: String) -> ProbeForm {
        let fields = [Field("url", .target, isRequired: true, "the http or https URL to ask for")]
        return ProbeForm(kind: .http, schemes: ["http", "https"], fields: fields) {
            (settings: Settings) throws(TargetError) -> any Probe in
            try HTTPProbe(parsing: settings.target("url") ?? "", userAgent: userAgent, loops: loops)
        }
    }
}

extension ProbeKind {
    static let http = ProbeKind("http", isDatabase: false)
}

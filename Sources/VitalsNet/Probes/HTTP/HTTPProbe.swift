import NIOCore
package import VitalsCore
package import VitalsEngine

/// GETs a URL over HTTP/1.1 and passes on a status of 2xx or 3xx: `https://orders.example.com/health`.
/// Redirects are not followed; of the body at most 1 MiB is read.
package struct HTTPProbe: Probe {
    package let kind = ProbeKind.http
    package let endpoint: String
    package let address: String
    package let identity: String
    private let target: ProbeTarget
    private let request: HTTPRequest
    private let loops: NetworkLoops

    private static let bodyLimit = 1 << 20

    /// - Parameters:
    ///   - tls: for `https`. Default: the certificate is verified in full, by the system's authorities.
    ///   - userAgent: `vitals/<version>`.
    package init(
        parsing text: String, tls: TLSSettings = TLSSettings(.verifyFull), userAgent: String,
        loops: NetworkLoops
    ) throws(TargetError) {
        let url = try HTTPURL(parsing: text)
        self.loops = loops
        endpoint = url.endpoint.description
        address = url.redacted
        identity = "http GET \(url.origin)\(url.requestTarget) \(tls.mode.rawValue) \(tls.authorities ?? "")"
        request = HTTPRequest("GET", url, userAgent: userAgent)
        target = ProbeTarget(
            url.endpoint, tls: url.isSecure ? tls : .disabled, startsWithTLS: url.isSecure,
            secrets: url.secrets)
    }

    package func start(
        timeout: Duration, done: @escaping @Sendable (ProbeResult) -> Void
    ) -> ProbeCancellation {
        let dialogue = HTTPDialogue(request.bytes, .good(bodyLimit: Self.bodyLimit))
        return ProbeConnection.start(target, dialogue, timeout: timeout, on: loops.current, done: done)
    }

    /// The form for the registry.
    package static func form(on loops: NetworkLoops, userAgent: String) -> ProbeForm {
        ProbeForm(kind: .http, schemes: ["http", "https"]) {
            (text: String) throws(TargetError) -> any Probe in
            try HTTPProbe(parsing: text, userAgent: userAgent, loops: loops)
        }
    }
}

extension ProbeKind {
    static let http = ProbeKind("http", isDatabase: false)
}

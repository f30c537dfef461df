import VitalsTesting

/// A real SMTP server, with STARTTLS if it has a certificate.
final class SMTPServer: Sendable {
    let port: Int
    let server: RunningServer
    private let identity: TestAuthority.Identity?

    init(_ identity: TestAuthority.Identity?) async throws {
        let directory = try TemporaryDirectory("vitals-smtp")
        port = try freePort()
        self.identity = identity
        let tls = identity.map { ["--tlscert", $0.certificate, "--tlskey", $0.key] } ?? []
        server = try await RunningServer(
            ["/usr/bin/python3", "-m", "aiosmtpd", "-n", "-d", "-c", "aiosmtpd.handlers.Sink"]
                + ["-l", "127.0.0.1:\(port)"] + tls,
            in: directory, listeningOn: port)
    }
}

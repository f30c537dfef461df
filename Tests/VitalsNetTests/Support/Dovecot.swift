import VitalsTesting

/// A real Dovecot, which serves IMAP and POP3, each with STARTTLS if it has a certificate.
final class Dovecot: Sendable {
    let imap: Int
    let pop3: Int
    let server: RunningServer
    private let identity: TestAuthority.Identity?

    init(_ identity: TestAuthority.Identity?) async throws {
        let directory = try TemporaryDirectory("vitals-dovecot")
        let ports = (imap: try freePort(), pop3: try freePort())
        let tls =
            identity.map { "ssl = yes\nssl_cert = <\($0.certificate)\nssl_key = <\($0.key)" } ?? "ssl = no"
        try directory.write(
            "dovecot.conf",
            """
            base_dir = \(directory.file("run"))
            state_dir = \(directory.file("state"))
            log_path = /dev/stderr
            protocols = imap pop3
            listen = 127.0.0.1
            default_internal_user = nobody
            default_internal_group = nogroup
            default_login_user = nobody
            \(tls)
            passdb {
              driver = static
              args = nopassword=y
            }
            service anvil {
              chroot =
            }
            \(Self.service("imap", port: ports.imap))
            \(Self.service("pop3", port: ports.pop3))
            """)
        imap = ports.imap
        pop3 = ports.pop3
        self.identity = identity
        server = try await RunningServer(
            ["dovecot", "-F", "-c", directory.file("dovecot.conf")], in: directory, listeningOn: ports.pop3)
        try await eventually(that: "Dovecot listening for IMAP") { isListening(on: ports.imap) }
    }

    private static func service(_ name: String, port: Int) -> String {
        """
        service \(name)-login {
          chroot =
          inet_listener \(name) {
            port = \(port)
          }
          inet_listener \(name)s {
            port = 0
          }
        }
        """
    }
}

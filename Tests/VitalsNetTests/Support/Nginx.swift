import VitalsTesting

/// A real nginx with a plain port, and one with TLS for each certificate.
final class Nginx: Sendable {
    let port: Int
    let securePorts: [Int]
    let server: RunningServer
    private let identities: [TestAuthority.Identity]

    /// - Parameters:
    ///   - directives: for the servers with TLS.
    ///   - plain: for the one without.
    ///   - speaksHTTP2: whether the servers with TLS do.
    init(
        _ identities: [TestAuthority.Identity] = [], directives: String = "", plain: String = "",
        speaksHTTP2: Bool = false
    ) async throws {
        let directory = try TemporaryDirectory("vitals-nginx")
        let port = try freePort()
        let securePorts = try identities.map { _ in try freePort() }
        let secure = zip(securePorts, identities).map { port, identity in
            """
            server {
                listen 127.0.0.1:\(port) ssl\(speaksHTTP2 ? " http2" : "");
                ssl_certificate \(identity.certificate);
                ssl_certificate_key \(identity.key);
                \(directives)
                location / { return 200 "secure"; }
            }
            """
        }
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map { name in
            "\(name)_temp_path \(directory.path);"
        }
        try directory.write(
            "nginx.conf",
            """
            daemon off;
            worker_processes 1;
            error_log stderr;
            pid \(directory.file("nginx.pid"));
            events { worker_connections 4096; }
            http {
                access_log off;
                \(temporary.joined(separator: "\n"))
                server {
                    listen 127.0.0.1:\(port);
                    location / { return 200 "fine"; }
                    location /moved { return 302 /; }
                    location /broken { return 503 "no"; }
                    \(plain)
                }
                \(secure.joined(separator: "\n"))
            }
            """)
        self.port = port
        self.securePorts = securePorts
        self.identities = identities
        server = try await RunningServer(
            ["nginx", "-p", directory.path, "-e", "stderr", "-c", directory.file("nginx.conf")],
            in: directory,
            listeningOn: securePorts.last ?? port)
    }
}

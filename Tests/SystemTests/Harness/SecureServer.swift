import Synchronization
import VitalsTesting

/// A real nginx that answers everything with one status, over TLS.
final class SecureServer: Sendable {
    private struct State {
        var identity: TestAuthority.Identity
        var status = 404
        var server: RunningServer?
    }

    let port: Int
    private let directory: TemporaryDirectory
    private let state: Mutex<State>

    /// Answers 404, until it is told otherwise.
    init(_ identity: TestAuthority.Identity) async throws {
        port = try freePort()
        directory = try TemporaryDirectory("vitals-nginx")
        state = Mutex(State(identity: identity))
        try await answer(404)
    }

    func answer(_ status: Int) async throws {
        state.withLock { $0.status = status }
        try await restart()
    }

    func show(_ identity: TestAuthority.Identity) async throws {
        state.withLock { $0.identity = identity }
        try await restart()
    }

    func stop() async {
        let server = state.withLock { state in
            defer { state.server = nil }
            return state.server
        }
        await server?.stop()
    }

    private func restart() async throws {
        await stop()
        let (identity, status) = state.withLock { ($0.identity, $0.status) }
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
            events { worker_connections 256; }
            http {
                access_log off;
                \(temporary.joined(separator: "\n"))
                server {
                    listen 127.0.0.1:\(port) ssl;
                    ssl_certificate \(identity.certificate);
                    ssl_certificate_key \(identity.key);
                    location / { return \(status) "answer"; }
                }
            }
            """)
        let server = try await RunningServer(
            ["nginx", "-p", directory.path, "-e", "stderr", "-c", directory.file("nginx.conf")],
            in: directory, listeningOn: port)
        state.withLock { $0.server = server }
    }
}

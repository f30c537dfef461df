import VitalsTesting

/// A real forward proxy on the loopback.
final class Tinyproxy: Sendable {
    let port: Int
    let server: RunningServer

    /// - Parameters:
    ///   - login: user and password that it wants.
    ///   - tunnels: the ports to which it makes tunnels; none: all.
    init(login: (user: String, password: String)? = nil, tunnels: [Int] = []) async throws {
        let directory = try TemporaryDirectory("vitals-proxy")
        port = try freePort()
        let basic = login.map { "BasicAuth \($0.user) \($0.password)" } ?? ""
        let allowed = tunnels.map { "ConnectPort \($0)" }.joined(separator: "\n")
        try directory.write(
            "proxy.conf",
            """
            Port \(port)
            Listen 127.0.0.1
            Timeout 30
            MaxClients 20
            Allow 127.0.0.1
            \(basic)
            \(allowed)

            """)
        server = try await RunningServer(
            ["tinyproxy", "-d", "-c", directory.file("proxy.conf")], in: directory, listeningOn: port)
    }
}

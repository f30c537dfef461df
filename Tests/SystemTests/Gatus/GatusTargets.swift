import VitalsTesting

/// The real servers that a configuration of Gatus asks in the tests.
struct GatusTargets {
    let nginx: RunningServer
    /// Plain HTTP.
    let port: Int
    /// TLS: with a certificate for 20 days, for less than two, and one that has ended.
    let lasting: Int
    let ending: Int
    let ended: Int
    let names: RunningServer
    let namesPort: Int
    let mail: MailServer
    let postgres: PostgresServer
    let webSocket: WebSocketServer
    private let identities: [TestAuthority.Identity]

    init() async throws {
        let authority = try await TestAuthority()
        identities = [
            try await authority.issue(for: ["127.0.0.1"]),
            try await authority.issue(for: ["127.0.0.1"], days: 1),
            try await authority.issue(
                for: ["127.0.0.1"], validity: (from: "20200101000000Z", to: "20200131000000Z")),
        ]
        port = try freePort()
        (lasting, ending, ended) = (try freePort(), try freePort(), try freePort())
        nginx = try await Self.nginx(port, [lasting, ending, ended], identities)
        namesPort = try freePort()
        names = try await Self.nameServer(namesPort)
        mail = try await MailServer(MailServer.Settings(security: "starttls"), identities[0])
        webSocket = try await WebSocketServer()
        postgres = try await PostgresServer()
        try await postgres.start()
    }

    private static let locations = [
        ("ok", 200, #"{"status":"UP","user":{"name":"john"},"data":[{"id":1}],"age":1,"id":1,"users":[]}"#),
        ("created", 201, "{}"), ("missing", 404, "no"), ("limited", 429, "slowly"),
        ("broken", 500, "broken"), ("one", 200, "1"),
        ("john", 200, #"{"name":"john.doe","id":2}"#), ("bob", 200, #"{"name":"bob","errors":[],"id":3}"#),
        ("page", 200, "<html><h1>Example Domain</h1></html>"),
    ]

    private static func nginx(
        _ port: Int, _ securePorts: [Int], _ identities: [TestAuthority.Identity]
    ) async throws -> RunningServer {
        let directory = try TemporaryDirectory("vitals-gatus")
        let plain = locations.map { name, status, body in
            "location = /\(name) { default_type text/plain; return \(status) '\(body)'; }"
        }
        let secure = zip(securePorts, identities).map { port, identity in
            """
            server {
                listen 127.0.0.1:\(port) ssl;
                ssl_certificate \(identity.certificate);
                ssl_certificate_key \(identity.key);
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
            events { worker_connections 256; }
            http {
                access_log off;
                \(temporary.joined(separator: "\n"))
                server {
                    listen 127.0.0.1:\(port);
                    location = /moved { return 302 /ok; }
                    location = /posted {
                        if ($request_method != POST) { return 405; }
                        return 201 "$http_x_token";
                    }
                    location = /private {
                        if ($http_authorization != "Basic bWU6c2VjcmV0") { return 401; }
                        return 200;
                    }
                    location = /typed { return 200 "$content_type $content_length"; }
                    \(plain.joined(separator: "\n"))
                }
                \(secure.joined(separator: "\n"))
            }
            """)
        return try await RunningServer(
            ["nginx", "-p", directory.path, "-e", "stderr", "-c", directory.file("nginx.conf")],
            in: directory, listeningOn: port)
    }

    private static let zone = """
        $ORIGIN gatus.example.
        $TTL 300
        @       IN SOA   ns1 hostmaster 1 7200 3600 1209600 60
        @       IN NS    ns1
        @       IN NS    ns2
        ns1     IN A     127.0.0.1
        ns2     IN A     127.0.0.1
        www     IN A     93.184.215.14
        """

    private static func nameServer(_ port: Int) async throws -> RunningServer {
        let directory = try TemporaryDirectory("vitals-gatus")
        try directory.write("gatus.zone", zone + "\n")
        try directory.write(
            "nsd.conf",
            """
            server:
                ip-address: 127.0.0.1@\(port)
                username: ""
                chroot: ""
                zonesdir: "\(directory.path)"
                pidfile: ""
                xfrdfile: ""
                zonelistfile: "\(directory.file("zone.list"))"
                xfrdir: "\(directory.path)"
                database: ""
                server-count: 1
            remote-control:
                control-enable: no
            zone:
                name: gatus.example
                zonefile: gatus.zone
            """)
        return try await RunningServer(
            ["nsd", "-d", "-c", directory.file("nsd.conf")], in: directory, listeningOn: port)
    }
}

import Testing
import VitalsCore
import VitalsEngine

@Suite("How the server meets those who ask, as it is written")
struct ConfigurationEdgeTests {
    private static func settings(
        _ server: String, environment: [String: String] = [:]
    ) throws -> ServerSettings {
        let text = "server: { \(server) }\nsystems: []\n"
        return try ConfigurationFixture.read(text, environment: environment).configuration.server
    }

    @Test("every key sets what it names")
    func all() throws {
        let settings = try Self.settings(
            """
            public_url: https://status.example.com/vitals/, base_path: /vitals/,
            trusted_proxies: [10.0.0.0/8, '::1'],
            tls: { certificate: /etc/tls.crt, key: /etc/tls.key },
            metrics_listen: '127.0.0.1:9090', metrics_legacy: false, access_log: false
            """)
        #expect(settings.publicURL == "https://status.example.com/vitals")
        #expect(settings.basePath == "/vitals")
        #expect(settings.trustedProxies == ["10.0.0.0/8", "::1"].compactMap { IPNetwork($0) })
        #expect(settings.tls == TLSFiles(certificate: "/etc/tls.crt", key: "/etc/tls.key"))
        #expect(settings.metricsAddress == ListenAddress(host: "127.0.0.1", port: 9_090))
        #expect(!settings.isAccessLogged)
        #expect(!settings.hasLegacyMetrics)
    }

    @Test("what is not written is not there, and METRICS_ADDR wins over the file")
    func defaults() throws {
        let settings = try Self.settings("listen: '127.0.0.1:1'")
        #expect(settings.publicURL == nil)
        #expect(settings.basePath == "")
        #expect(settings.trustedProxies == [])
        #expect(settings.tls == nil)
        #expect(settings.metricsAddress == nil)
        #expect(settings.isAccessLogged)
        #expect(settings.hasLegacyMetrics)
        let address = try Self.settings(
            "metrics_listen: '127.0.0.1:9090'", environment: ["METRICS_ADDR": ":9091"]
        ).metricsAddress
        #expect(address == ListenAddress(host: "0.0.0.0", port: 9_091))
        #expect(try Self.settings("trusted_proxies: '::1', base_path: /").trustedProxies.count == 1)
    }

    @Test(
        "what cannot be is told with its place",
        arguments: [
            ("public_url: status.example.com", "server.public_url: is not the address of a server"),
            ("public_url: 'https://a.example/?x'", "server.public_url: is not the address of a server"),
            ("public_url: 'https://me:pw@a.example'", "server.public_url: is not the address of a server"),
            ("base_path: vitals", "server.base_path: \"vitals\" is not the beginning of a path"),
            ("base_path: /a//b", "server.base_path: \"/a//b\" is not the beginning of a path"),
            ("base_path: /../b", "server.base_path: \"/../b\" is not the beginning of a path"),
            ("base_path: '/a b'", "server.base_path: \"/a b\" is not the beginning of a path"),
            ("base_path: /health", "server.base_path: \"/health\" is answered already"),
            ("trusted_proxies: [proxy]", "server.trusted_proxies[0]: \"proxy\" is neither an address"),
            ("trusted_proxies: [10.0.0.0/33]", "\"10.0.0.0/33\" is neither an address nor a network"),
            ("trusted_proxies: { a: b }", "server.trusted_proxies: needs a list"),
            ("tls: { certificate: a }", "server.tls: has no `key`"),
            ("tls: a", "server.tls: has no `key`"),
            ("metrics_listen: '9090'", "server.metrics_listen: \"9090\" has no port"),
            (
                "listen: '127.0.0.1:1', metrics_listen: '127.0.0.1:1'",
                "server.metrics_listen: is where everything else is answered"
            ),
            ("access_log: yes", "server.access_log: \"yes\" is neither true nor false"),
            ("public_uri: a", "server.public_uri: unknown key; did you mean `public_url`?"),
        ])
    func wrong(_ server: String, _ words: String) throws {
        let error = #expect(throws: ConfigurationError.self) { try Self.settings(server) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
    }
}

import Testing
import VitalsCore
import VitalsEngine

@testable import VitalsServer

@Suite("/health")
struct HealthTests {
    private typealias Component = HealthSummary.Component

    private static func node(
        _ components: [HealthSummary.Component], unhealthyStatus: Int = 500
    ) -> Backend {
        Fixtures.node(unhealthyStatus: unhealthyStatus) { verbs in
            verbs.healthSummary = { HealthSummary(components) }
        }
    }

    @Test("is 200 and healthy when every component is")
    func healthy() async throws {
        let node = Self.node([
            Component(name: "database", state: .healthy, isCritical: true, isOverdue: false),
            Component(name: "workers", state: .healthy, isCritical: true, isOverdue: false),
        ])
        try await TestServer.with(node) { server in
            let answer = try await server.ask("GET", "/health")
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == "application/json")
            #expect(answer["Cache-Control"] == "no-store")
            #expect(
                answer.text
                    == #"{"status":"healthy","version":"0.1.0","time":"\#(Fixtures.start.iso8601)","#
                    + #""details":{"database":"healthy","workers":"healthy"}}"#)
        }
    }

    @Test("is the configured status when a critical component is unhealthy", arguments: [500, 503])
    func unhealthy(_ status: Int) async throws {
        let node = Self.node(
            [Component(name: "database", state: .unhealthy, isCritical: true, isOverdue: false)],
            unhealthyStatus: status)
        try await TestServer.with(node) { server in
            let answer = try await server.ask("GET", "/health")
            #expect(answer.status == status)
            #expect(try answer.json["status"] as? String == "unhealthy")
            #expect(try answer.json["details"] as? [String: String] == ["database": "unhealthy"])
        }
    }

    @Test("is 200 and degraded when another component is unhealthy")
    func degraded() async throws {
        let node = Self.node([
            Component(name: "database", state: .healthy, isCritical: true, isOverdue: false),
            Component(name: "search", state: .unhealthy, isCritical: false, isOverdue: false),
        ])
        try await TestServer.with(node) { server in
            let answer = try await server.ask("GET", "/health")
            #expect(answer.status == 200)
            #expect(try answer.json["status"] as? String == "degraded")
        }
    }

    @Test("leaves out what has yet to be heard of, and never says unknown")
    func unknown() async throws {
        let node = Self.node([
            Component(name: "new", state: .unknown, isCritical: true, isOverdue: false),
            Component(name: "late", state: .unknown, isCritical: true, isOverdue: true),
        ])
        try await TestServer.with(node) { server in
            let answer = try await server.ask("GET", "/health")
            #expect(try answer.json["details"] as? [String: String] == ["late": "unhealthy"])
            #expect(!answer.text.contains("unknown"))
        }
    }

    @Test(
        "gives HEAD the status of GET and no body, and refuses other methods",
        arguments: ["POST", "PUT", "DELETE"])
    func methods(_ method: String) async throws {
        let node = Self.node([
            Component(name: "database", state: .unhealthy, isCritical: true, isOverdue: false)
        ])
        try await TestServer.with(node) { server in
            let get = try await server.ask("GET", "/health")
            let head = try await server.ask("HEAD", "/health")
            #expect(head.status == get.status)
            #expect(head["Content-Length"] == get["Content-Length"])
            let refused = try await server.ask(method, "/health")
            #expect(refused.status == 405)
            #expect(refused["Allow"] == "GET, HEAD")
            #expect(try refused.problemCode == "method_not_allowed")
        }
    }
}

@Suite("/readyz and /livez")
struct ReadinessTests {
    private static func node(storeIsReady: Bool) -> Backend {
        Fixtures.node { verbs in
            verbs.readiness = {
                [
                    Readiness(name: "store", isReady: storeIsReady, detail: "no commit for 12 s"),
                    Readiness(name: "configuration", isReady: true, detail: "loaded"),
                ]
            }
        }
    }

    @Test("ready is ok when store and configuration are")
    func ready() async throws {
        try await TestServer.with(Self.node(storeIsReady: true)) { server in
            let answer = try await server.ask("GET", "/readyz")
            #expect(answer.status == 200)
            #expect(answer.text == "ok\n")
            let list = try await server.ask("GET", "/readyz?verbose").text
            #expect(list == "[+]store ok\n[+]configuration ok\nreadyz check passed\n")
        }
    }

    @Test("not ready is 503, and alive all the same")
    func notReady() async throws {
        try await TestServer.with(Self.node(storeIsReady: false)) { server in
            let get = try await server.ask("GET", "/readyz").status
            #expect(get == 503)
            let head = try await server.ask("HEAD", "/readyz").status
            #expect(head == 503)
            for path in ["/livez", "/healthz"] {
                let answer = try await server.ask("GET", path)
                #expect(answer.status == 200)
                #expect(answer.text == "ok\n")
            }
        }
    }

    @Test("an excluded item is not asked for", arguments: ["exclude=store", "exclude=a&exclude=store"])
    func exclude(_ query: String) async throws {
        try await TestServer.with(Self.node(storeIsReady: false)) { server in
            let excluded = try await server.ask("GET", "/readyz?\(query)").status
            #expect(excluded == 200)
            let other = try await server.ask("GET", "/readyz?exclude=configuration").status
            #expect(other == 503)
        }
    }

    @Test("why something is not ready is told to those who may know alone")
    func details() async throws {
        let withheld = "[-]store failed: reason withheld\n[+]configuration ok\nreadyz check failed\n"
        let told = "[-]store failed: no commit for 12 s\n[+]configuration ok\nreadyz check failed\n"
        let node = Self.node(storeIsReady: false)
        try await TestServer.with(node, access: .token(Secret("t"))) { server in
            let stranger = try await server.ask("GET", "/readyz?verbose").text
            #expect(stranger == withheld)
            let friend = try await server.ask("GET", "/readyz?verbose", headers: ["Authorization: Bearer t"])
                .text
            #expect(friend == told)
        }
        try await TestServer.with(node, access: .anyone) { server in
            let anyone = try await server.ask("GET", "/readyz?verbose").text
            #expect(anyone == withheld)
        }
        try await TestServer.with(node) { server in
            let local = try await server.ask("GET", "/readyz?verbose").text
            #expect(local == told)
        }
    }
}

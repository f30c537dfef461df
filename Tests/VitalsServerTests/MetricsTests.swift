import Testing
import VitalsCore

@testable import VitalsServer

@Suite("/metrics")
struct MetricsTests {
    @Test(
        "answers in the form that is asked for",
        arguments: [
            ("*/*", "text/plain; version=0.0.4; charset=utf-8"),
            ("application/openmetrics-text", "application/openmetrics-text; version=1.0.0; charset=utf-8"),
        ])
    func forms(accept: String, type: String) async throws {
        try await TestServer.with(Fixtures.node()) { server in
            let answer = try await server.ask("GET", "/metrics", headers: ["Accept: \(accept)"])
            #expect(answer.status == 200)
            #expect(answer["Content-Type"] == type)
            #expect(answer["Vary"] == "Accept")
            #expect(answer.text.hasSuffix("\n# EOF\n") == type.contains("openmetrics"))
            #expect(answer.text.contains("\nvitals_notifications_oldest_pending_seconds 90\n"))
            #expect(
                answer.text.contains(
                    #"vitals_health_check_last_run_outcome{health_check="a.sql",system="a",outcome="fail"} 1"#
                ))
        }
    }

    @Test("counts requests by route, method and status, whatever strangers ask for")
    func requests() async throws {
        try await TestServer.with(Fixtures.node()) { server in
            _ = try await server.ask("GET", "/api/v1/systems/a")
            _ = try await server.ask("GET", "/api/v1/systems/none")
            _ = try await server.ask("GET", "/api/v1/systems/none2")
            _ = try await server.ask("PROPFIND", "/livez")
            _ = try await server.ask("GET", #"/no%22where"#)
            _ = try await server.ask("GET", "/metrics")
            let text = try await server.ask("GET", "/metrics").text
            for (route, method, status, count) in [
                ("/api/v1/systems/{id}", "GET", "2xx", 1), ("/api/v1/systems/{id}", "GET", "4xx", 2),
                ("/livez", "other", "4xx", 1), ("other", "GET", "4xx", 1), ("/metrics", "GET", "2xx", 1),
            ] {
                let labels = #"route="\#(route)",method="\#(method)",status="\#(status)""#
                #expect(text.contains("\nvitals_http_requests_total{\(labels)} \(count)\n"), "\(labels)")
            }
            let duration = "vitals_http_request_duration_seconds"
            #expect(text.contains(#"\#(duration)_count{route="/api/v1/systems/{id}"} 3"#))
        }
    }

    @Test("needs the token, and counts those who have none")
    func token() async throws {
        try await TestServer.with(Fixtures.node(), access: .token(Secret("sesame"))) { server in
            #expect(try await server.ask("GET", "/metrics").status == 401)
            let answer = try await server.ask("GET", "/metrics", headers: ["Authorization: Bearer sesame"])
            #expect(answer.status == 200)
            #expect(answer.text.contains(#"{route="/metrics",method="GET",status="4xx"} 1"#))
        }
    }
}

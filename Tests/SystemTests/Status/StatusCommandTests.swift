import Foundation
import Testing
import VitalsTesting

@testable import vitals

@Suite("vitals status", .oneOfAFew)
struct StatusCommandTests {
    private static func status(
        _ arguments: [String], environment: [String: String] = [:], on stage: Stage
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        try await VitalsProgram.run(["status"] + arguments, environment: environment, on: stage)
    }

    private static func yaml(_ target: HTTPTarget, closed: Int, healthy: Int) -> String {
        let checks = (0..<healthy).map { "      - { id: c\($0), http: \"\(target.url)\" }" }
        return """
            defaults: { interval: 60s, thresholds: { failure: 1 } }
            systems:
              - id: many
                checks:
            \(checks.joined(separator: "\n"))
              - id: gone
                checks:
                  - { id: port, tcp: "127.0.0.1:\(closed)" }
                  - { id: off, tcp: "127.0.0.1:\(closed)", enabled: false }
            """
    }

    @Test("asks a server that wants a token, page by page, problems first, and ends as the worst is")
    func asks() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget()
            let closed = try RefusingPort()
            // More than a page.
            let yaml = Self.yaml(target, closed: closed.number, healthy: 520)
            let server = try VitalsServer(yaml, environment: ["API_TOKEN": "let-me-in"], on: stage)
            try await server.start()
            var client = server.api
            client.token = "let-me-in"
            let api = client
            try await eventually(that: "all have run", within: .seconds(90)) {
                let last = try await api.all("health-checks?limit=1000").filter { $0["enabled"].bool == true }
                return last.count == 521 && last.allSatisfy { $0["last_run"] != .null }
            }
            let variables = ["VITALS_URL": "http://127.0.0.1:\(server.port)/", "VITALS_TOKEN": "let-me-in"]
            let found = try await Self.status([], environment: variables, on: stage)
            #expect(found.exitCode == 2, "\(found)")
            let lines = found.output.split(separator: "\n")
            #expect(lines.count == 2, "\(found.output)")
            #expect(lines.first?.hasPrefix("UNHEALTHY  gone.port  ") ?? false)
            #expect(lines.first?.contains("  refused in connect: ") ?? false)
            #expect(lines.last == "1 unhealthy, 520 healthy, 1 disabled")
            #expect(!found.output.contains("\u{1B}"))

            let all = try await Self.status(["--all"], environment: variables, on: stage)
            #expect(all.output.split(separator: "\n").count == 523)
            #expect(all.output.contains("\nHEALTHY    many.c519"))
            #expect(all.output.contains("\nDISABLED   gone.off"))

            let json = try await Self.status(["--json"], environment: variables, on: stage)
            let object = try JSONValue(parsing: json.output)
            #expect(object["items"].items.map { $0["id"].string } == ["gone.port"])
            #expect(object["counts"]["healthy"].number == 520)
            #expect(json.exitCode == 2)

            let address = ["--url", "http://127.0.0.1:\(server.port)"]
            let stranger = try await Self.status(address, on: stage)
            #expect(stranger.exitCode == 3)
            #expect(
                stranger.errors.contains("wants a token (401): set VITALS_TOKEN or API_TOKEN"), "\(stranger)")
            let wrong = try await Self.status(address + ["--token", "other"], on: stage)
            #expect(wrong.errors.contains("does not take this token"), "\(wrong)")
            #expect(!wrong.errors.contains("other"))
        }
    }

    @Test("says what stands in the way, and ends as unknown")
    func trouble() async throws {
        try await Stage.run { stage in
            let closed = try RefusingPort()
            let other = try stage.httpTarget(.answer(200, body: "hello"))
            let moved = try stage.httpTarget(.answer(301, headers: [("location", "/elsewhere")]))
            let busy = try stage.httpTarget(.answer(503))
            let circle = try stage.httpTarget(.answer(200, body: #"{"items":[],"next_cursor":"6162"}"#))
            let hanging = try stage.httpTarget(.hang)
            let cases = [
                ("http://127.0.0.1:\(closed.number)", "refused in connect"),
                (other.url, "is no Vitals server"), (moved.url, "redirect (301)"), (busy.url, "answers 503"),
                (circle.url, "gives the same page again"),
                ("https://127.0.0.1:\(other.port)", "in tls"),
                ("ftp://h", "must begin with http:// or https://"),
                ("http://127.0.0.1:1/?a=b", "holds neither ? nor #"),
                (hanging.url, "timeout in"),
            ]
            for (url, part) in cases {
                let found = try await Self.status(["--url", url, "--timeout", "2s"], on: stage)
                #expect(found.exitCode == 3, "\(url): \(found)")
                #expect(found.errors.contains(part), "\(url): \(found)")
                #expect(found.errors.split(separator: "\n").count == 1, "\(found)")
                #expect(found.output == "")
            }
            let usage = try await Self.status(["--nonsense"], on: stage)
            #expect(usage.exitCode == 3)
            let clear = try await Self.status(
                ["--url", "http://status.invalid", "--token", "abc"], on: stage)
            #expect(clear.errors.contains("in the clear; use https"), "\(clear)")
        }
    }

    /// What a terminal of 40 columns shows.
    private static func shown(
        _ url: String, environment: [String: String], on stage: Stage
    ) async throws -> String {
        let terminal = """
            import fcntl, os, pty, struct, sys, termios
            child, fd = pty.fork()
            if child == 0:
                fcntl.ioctl(1, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 40, 0, 0))
                os.execv(sys.argv[1], sys.argv[1:])
            text = b""
            try:
                while True:
                    data = os.read(fd, 65536)
                    if not data: break
                    text += data
            except OSError: pass
            os.waitpid(child, 0)
            sys.stdout.buffer.write(text)
            """
        let folder = try stage.makeFolder()
        let output = folder.appending(path: "output").path
        let process = try ChildProcess(
            ["/usr/bin/python3", "-c", terminal, VitalsProgram.path, "status", "--url", url], in: folder.path,
            environment: environment, output: output, asUnprivileged: false)
        #expect(try await process.waitForExit() == 0)
        return try String(contentsOfFile: output, encoding: .utf8)
    }

    @Test("on a terminal is coloured and no wider than that, unless somebody wants no colours")
    func terminal() async throws {
        try await Stage.run { stage in
            let item = """
                {"id":"shop.tls","state":"degraded","enabled":true,"stale":false,"since":null,\
                "last_run":{"cause":"vital","phase":"tls","message":"the certificate ends in 9 days"}}
                """
            let target = try stage.httpTarget(
                .answer(200, body: #"{"items":[\#(item)],"next_cursor":null}"#))
            let plain = "  shop.tls  -        vital in …\r\n"
            let coloured = try await Self.shown(target.url, environment: ["TERM": "xterm"], on: stage)
            #expect(coloured == "\u{1B}[33mDEGRADED\u{1B}[0m \(plain)1 degraded, 0 healthy\r\n")
            for environment in [["TERM": "xterm", "NO_COLOR": "1"], ["TERM": "dumb"]] {
                let shown = try await Self.shown(target.url, environment: environment, on: stage)
                #expect(shown == "DEGRADED \(plain)1 degraded, 0 healthy\r\n")
            }
        }
    }
}

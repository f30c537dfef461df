import Foundation
import Testing
import VitalsTesting

@testable import vitals

@Suite("vitals check --set", .oneOfAFew)
struct CheckSettingsTests {
    private static func check(
        _ target: String, _ settings: [String], on stage: Stage
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        try await VitalsProgram.run(
            ["check", target] + settings.flatMap { ["--set", $0] }, on: stage)
    }

    @Test("says of an HTTP check what a file says of it")
    func http() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answer(418))
            let settings = [
                "method=POST", "headers.X-Token=a=b", "headers.Accept=text/html", "body=some = body",
                "status=2xx",
                "status=418", "bearer=t0ken", "max_body_bytes=10",
            ]
            let found = try await Self.check(target.url, settings, on: stage)
            #expect(found.exitCode == 0, "\(found)")
            let request = try #require(target.requests.first?.message)
            #expect(request.text.contains("some = body"))
            #expect(request.headers["x-token"] == "a=b")
            #expect(request.headers["accept"] == "text/html")
            #expect(request.headers["authorization"] == "Bearer t0ken")
            let without = try await Self.check(target.url, [], on: stage)
            #expect(without.exitCode == 2)
        }
    }

    @Test("says of a dialogue what is said and what must be answered")
    func tcp() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answer(204))
            let send = #"steps.0.send=GET / HTTP/1.0\r\n\r\n"#
            for (expect, code) in [("steps.0.matches=(?i)204", 0), ("steps.0.expect=SSH-", 2)] {
                let found = try await Self.check(
                    "tcp://127.0.0.1:\(target.port)", [send, expect], on: stage)
                #expect(found.exitCode == Int32(code), "\(found)")
            }
        }
    }

    @Test(
        "is refused in the words of a file, all that is wrong at once",
        arguments: [
            (["methd=POST"], ["--set methd: unknown field; did you mean `method`?"]),
            (["method=BREW"], ["--set method: \"BREW\" is not known here"]),
            (
                ["redirects=many", "decompress=maybe"],
                [
                    "--set redirects: \"many\" is not a whole number",
                    "--set decompress: \"maybe\" is neither true nor false",
                ]
            ),
            (["basic.username=me"], ["--set basic: has no `password`"]),
            (["method"], ["--set method: write field=value"]),
            (["url=http://h/"], ["--set url: is the target itself"]),
            (["headers=x"], ["--set headers: needs a name"]),
            (["method.x=GET"], ["--set method.x: has no parts"]),
            (["basic.user=me"], ["--set basic.user: unknown field; did you mean `username`?"]),
            (["bearer=a", "basic.username=a", "basic.password=b"], ["only one of basic, bearer and oauth2"]),
        ])
    func refused(settings: [String], said: [String]) async throws {
        try await Stage.run { stage in
            let found = try await Self.check("http://127.0.0.1:1/", settings, on: stage)
            #expect(found.exitCode == 3)
            for part in said { #expect(found.errors.contains(part), "\(found.errors)") }
        }
    }

    @Test("of a program takes its environment, and puts nothing in for variables")
    func exec() async throws {
        try await Stage.run { stage in
            let script = try stage.makeFolder().appending(path: "plugin")
            try Data("#!/bin/sh\necho \"OK $GREETING\"\n".utf8).write(to: script)
            chmod(script.path, 0o755)
            let found = try await Self.check(
                "exec:\(script.path)", ["environment.GREETING=${HOME} hello"], on: stage)
            #expect(found.exitCode == 0, "\(found)")
            #expect(found.output.contains("OK ${HOME} hello"), "\(found)")
        }
    }

    @Test(
        "steps of a list are said one after the other",
        arguments: ["steps.1.send=x", "steps.x.send=y", "steps.send=z"])
    func places(setting: String) async throws {
        try await Stage.run { stage in
            let found = try await Self.check("tcp://127.0.0.1:1", [setting], on: stage)
            #expect(found.exitCode == 3)
            #expect(found.errors.contains("needs the place in the list, from 0"), "\(found)")
        }
    }
}

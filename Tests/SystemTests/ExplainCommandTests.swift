import Foundation
import Testing
import VitalsCore
import VitalsTesting

@testable import vitals

@Suite("vitals conditions explain", .oneOfAFew)
struct ExplainCommandTests {
    private static func explain(
        _ arguments: [String], on stage: Stage
    ) async throws -> (exitCode: Int32, output: String, errors: String) {
        try await VitalsProgram.run(["conditions", "explain"] + arguments, on: stage)
    }

    @Test("of a described answer, every step is told, and the verdict is the exit status")
    func described() async throws {
        try await Stage.run { stage in
            let body = try stage.makeFolder().appending(path: "body.json")
            try Data(#"{"status":"UP","n":3}"#.utf8).write(to: body)
            let result = try await Self.explain(
                [
                    "[STATUS] == 200 and ([BODY].n > 5 or not [HEADER].x-a == b)", "--status", "200",
                    "--body", body.path, "--header", "X-A: b",
                ], on: stage)
            #expect(result.exitCode == 1, "\(result)")
            #expect(
                result.output == """
                        [STATUS]: 200
                      [STATUS] (200) == 200: holds
                          [BODY].n: 3
                        [BODY].n (3) > 5: fails
                            [HEADER].x-a: b
                          [HEADER].x-a (b) == b: holds
                        not [HEADER].x-a (b) == b: fails
                      [BODY].n (3) > 5 or not [HEADER].x-a (b) == b: fails
                    [STATUS] (200) == 200 and ([BODY].n (3) > 5 or not [HEADER].x-a (b) == b): fails
                    It fails.

                    """)
        }
    }

    @Test(
        "whatever is said of an answer can be asked for",
        arguments: [
            (["[RESPONSE_TIME] < 500ms", "--latency", "12ms"], 0),
            (["[IP] == 192.0.2.1", "--ip", "192.0.2.1"], 0),
            (["[CERTIFICATE_EXPIRATION] > 0s", "--certificate", "-2h"], 1),
            (["[DNS_RCODE] == NXDOMAIN", "--rcode", "NXDOMAIN"], 0),
            (["[CONNECTED]", "--not-connected"], 1), (["[CONNECTED]"], 0), (["[STATUS] == 200"], 2),
            (["[BODY].a == 1", "--body", "/dev/null"], 2),
        ] as [([String], Int32)])
    func options(arguments: [String], exitCode: Int32) async throws {
        try await Stage.run { stage in
            let result = try await Self.explain(arguments, on: stage)
            #expect(result.exitCode == exitCode, "\(result)")
        }
    }

    @Test("of a target, it is about what the target answers")
    func live() async throws {
        try await Stage.run { stage in
            let target = try stage.httpTarget(.answer(503, body: "busy"))
            for (condition, exitCode) in [
                ("[STATUS] == 503 and [BODY] == busy", 0), ("[STATUS] == 200", 1),
                ("[STATUS] == 503 and [BODY].a == 1", 2), ("[BODY] == busy", 2),
            ] as [(String, Int32)] {
                let result = try await Self.explain([condition, "--target", "\(target.url)/"], on: stage)
                #expect(result.exitCode == exitCode, "\(result)")
                #expect(condition != "[BODY] == busy" || result.output.contains("http_status"), "\(result)")
            }
            target.close()
            let closed = try await Self.explain(
                ["[CONNECTED] == false", "--target", "\(target.url)/"], on: stage)
            #expect(closed.exitCode == 0, "\(closed)")
        }
    }

    @Test(
        "what cannot be understood: 64, and what was meant",
        arguments: [
            (["[STATUS] = 200"], "column 10"), ([], "condition"),
            (["[STATUS] == 200", "--target", "tcp://127.0.0.1:1"], "a tcp check never has"),
            (["[STATUS] == 200", "--target", "http://127.0.0.1:1/", "--status", "200"], "--target"),
            (["[STATUS] == 200", "--latency", "soon"], "--latency"),
            (["[STATUS] == 200", "--header", "no"], "--header"),
            (["[STATUS] == 200", "--body", "/nowhere"], "/nowhere"),
        ])
    func usage(arguments: [String], words: String) async throws {
        try await Stage.run { stage in
            let result = try await Self.explain(arguments, on: stage)
            #expect(result.exitCode == 64, "\(result)")
            #expect(result.errors.contains(words), "\(result)")
        }
    }

    @Test("a secret in what was seen is not shown")
    func secrets() throws {
        let condition = try Condition(parsing: "[BODY] == x")
        let explanation = condition.explain(on: Observation(body: Array("s3cr3t".utf8)))
        let report = ExplainReport.explained(explanation) { $0.replacing("s3cr3t", with: "***") }
        #expect(!report.text.contains("s3cr3t"))
        #expect(report.text.contains("***"))
    }
}

import Foundation
import Testing
import VitalsTesting

@Suite("vitals wrap --once, and what it does not understand", .oneOfAFew)
struct WrapOnceTests {
    @Test("0 healthy, 2 down or 1 for those who know no more, 3 for what is ours to mend (S38)")
    func codes() async throws {
        try await Stage.run { stage in
            let postgres = try await PostgresServer(access: PostgresServer.passwords)
            try await postgres.start()
            try await postgres.addMonitor()
            let gone = "postgres://monitor:s3cr3t@127.0.0.1:1/postgres"
            for (options, code) in [
                (["--db-dsn", postgres.monitorURL()], 0), (["--db-dsn", gone], 2),
                (["--db-dsn", gone, "--compat-exit"], 1),
                (["--db-dsn", postgres.monitorURL(password: "s3cr3t")], 3),
                (["--db-dsn", postgres.monitorURL(), "--tcp", "127.0.0.1:1"], 2),
                (["--db-dsn", String(postgres.monitorURL().dropFirst(11)), "--db-type", "postgres"], 0),
            ] as [([String], Int32)] {
                let (exitCode, output, errors) = try await VitalsProgram.run(
                    ["wrap", "--once"] + options, on: stage)
                #expect(exitCode == code, "\(options): \(output)\(errors)")
                #expect(!(output + errors).contains("s3cr3t"))
            }
        }
    }

    @Test("called as healthcheck it is the same")
    func calledAsHealthcheck() async throws {
        try await Stage.run { stage in
            let (exitCode, output, errors) = try await VitalsProgram.run(
                ["--once", "--tcp", "127.0.0.1:1"],
                through: ["bash", "-c", #"exec -a /usr/bin/healthcheck "$0" "$@""#], on: stage)
            #expect(exitCode == 2, "\(errors)")
            #expect(output.contains("refused"))
        }
    }

    @Test(
        "what cannot be understood: 64, what is wrong, and never a password",
        arguments: [
            (["--once", "--db-dsn", "postgres://a:s3cr3t@h:port/b"], "port"),
            (["--once", "--db-dsn", "oracle://a:s3cr3t@h/b"], "--db-dsn begins with one of postgres:"),
            (["--once", "--db-dsn", "a:s3cr3t@h/b", "--db-type", "oracle"], "--db-type is one of postgres"),
            (["--once", "--db-dsn", "mysql2://a:s3cr3t@h/b", "--db-type", "postgres"], "does not begin as"),
            (["--once", "--db-type", "postgres", "--tcp", "127.0.0.1:1"], "--db-dsn is, which is missing"),
            (["--once"], "nothing to do"), ([], "nothing to do"),
            (["--once", "--tcp", "127.0.0.1:1", "--", "true"], "starts no program"),
            (["--export-prom", "9091", "--", "true"], "--export-prom"),
            (["--interval", "0s", "--tcp", "127.0.0.1:1"], "--interval"),
            (["--once", "--timeout", "1h", "--tcp", "127.0.0.1:1"], "--timeout"),
            (["--once", "--http", "ftp://h/"], "--http takes a URL"),
            (["--once", "--role", "leader", "--tcp", "127.0.0.1:1"], "role"),
        ] as [([String], String)])
    func usage(options: [String], said: String) async throws {
        try await Stage.run { stage in
            let (exitCode, output, errors) = try await VitalsProgram.run(["wrap"] + options, on: stage)
            #expect(exitCode == 64, "\(errors)")
            #expect(errors.contains(said), "\(errors)")
            #expect(!(output + errors).contains("s3cr3t"))
        }
    }
}

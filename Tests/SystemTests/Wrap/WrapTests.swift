import Foundation
import Testing
import VitalsTesting

@Suite("Wrapped around a program", .oneOfAFew)
struct WrapTests {
    /// What the child wrote, once it has written it.
    private static func output(of wrapped: Wrapped, holding text: String) async throws -> String {
        try await eventually("the child writes \(text)") {
            wrapped.program.output.contains(text) ? wrapped.program.output : nil
        }
    }

    @Test(
        "the child's exit status is ours (S39)",
        arguments: [
            ("exit 7", 7), ("exit 0", 0), ("kill -9 $$", 137), ("kill -TERM $$", 143),
            ("kill -USR1 $$", 138),
        ] as [(String, Int32)])
    func status(script: String, status: Int32) async throws {
        try await Stage.run { stage in
            let wrapped = try Wrapped([], around: ["sh", "-c", script], on: stage)
            #expect(try await wrapped.program.process.waitForExit() == status)
        }
    }

    @Test("told to end it tells the child, waits for it, and answers no more (S39)")
    func terminated() async throws {
        try await Stage.run { stage in
            let plain = try Wrapped([], around: ["sleep", "60"], on: stage)
            try await plain.isUp()
            #expect(try await plain.stop() == 143)
            await #expect(throws: (any Error).self) { try await plain.api.get("/healthz") }
            let script = #"trap "echo told; exit 5" TERM; echo ready; while :; do sleep 0.1; done"#
            let caring = try Wrapped([], around: ["sh", "-c", script], on: stage)
            _ = try await Self.output(of: caring, holding: "ready")
            #expect(try await caring.stop() == 5)
            #expect(caring.program.output == "ready\ntold\n")
        }
    }

    @Test("every signal that can be passed on is")
    func signals() async throws {
        try await Stage.run { stage in
            let signals = [
                ("HUP", SIGHUP), ("INT", SIGINT), ("QUIT", SIGQUIT), ("USR1", SIGUSR1), ("USR2", SIGUSR2),
                ("ALRM", SIGALRM), ("CONT", SIGCONT), ("TSTP", SIGTSTP), ("WINCH", SIGWINCH),
                ("RTMIN+3", 37), ("RTMAX", 64),
            ]
            let traps = signals.map { "trap 'echo \($0.0)' \($0.0)" }.joined(separator: "; ")
            let wrapped = try Wrapped(
                [], around: ["bash", "-c", "\(traps); echo ready; while :; do sleep 0.05; done"], on: stage)
            _ = try await Self.output(of: wrapped, holding: "ready\n")
            for (name, number) in signals {
                wrapped.program.process.signal(number)
                _ = try await Self.output(of: wrapped, holding: "\(name)\n")
            }
            #expect(try await wrapped.stop() == 143)
        }
    }

    @Test("what was ignored when it was started is ignored by both, as nohup wants it")
    func ignored() async throws {
        try await Stage.run { stage in
            let wrapped = try Wrapped(
                [], around: ["sh", "-c", "echo ready; exec sleep 60"], through: ["nohup"], on: stage)
            _ = try await Self.output(of: wrapped, holding: "ready")
            wrapped.program.process.signal(SIGHUP)
            wrapped.program.process.signal(SIGWINCH)
            #expect(try await wrapped.api.get("/healthz").status == 200)
            #expect(try await wrapped.stop() == 143)
        }
    }

    @Test("a port that is taken: said, 75, and the child is not started (S40)")
    func portTaken() async throws {
        try await Stage.run { stage in
            let taken = try stage.tcpTarget()
            let file = stage.folder.appending(path: "started").path
            let wrapped = try Wrapped([], around: ["touch", file], port: taken.port, on: stage)
            #expect(try await wrapped.program.process.waitForExit() == 75)
            #expect(wrapped.program.errors.contains("127.0.0.1:\(taken.port) is in use"))
            #expect(!FileManager.default.fileExists(atPath: file))
        }
    }

    @Test("metrics, /health and /healthz are answered before the child starts")
    func before() async throws {
        try await Stage.run { stage in
            let port = try UInt16(freePort())
            let script = """
                for path in metrics health healthz; do
                    curl --silent --output /dev/null --write-out "$path %{http_code}\n" \
                        http://127.0.0.1:\(port)/$path
                done
                """
            let wrapped = try Wrapped([], around: ["sh", "-c", script], port: port, on: stage)
            #expect(try await wrapped.program.process.waitForExit() == 0)
            #expect(wrapped.program.output == "metrics 200\nhealth 200\nhealthz 200\n")
        }
    }

    @Test("what is after -- is the child's alone (S41)")
    func arguments() async throws {
        try await Stage.run { stage in
            let words = ["printf", "[%s]", "--once", "--help", "--", "a b", "--export-prom", ":1"]
            let wrapped = try Wrapped([], around: words, on: stage)
            #expect(try await wrapped.program.process.waitForExit() == 0)
            #expect(wrapped.program.output == "[--once][--help][--][a b][--export-prom][:1]")
        }
    }

    @Test("a program that is not there is 127, and one that cannot be run 126; both are said")
    func notStarted() async throws {
        try await Stage.run { stage in
            for (program, status, said) in [
                ("no-such-program", 127, "No such file"), ("/etc", 126, "Permission denied"),
            ] as [(String, Int32, String)] {
                let wrapped = try Wrapped([], around: [program], on: stage)
                #expect(try await wrapped.program.process.waitForExit() == status)
                #expect(wrapped.program.errors.contains("cannot start \(program): \(said)"))
            }
        }
    }

    @Test("orphans become its own, and are waited for")
    func orphans() async throws {
        try await Stage.run { stage in
            let file = stage.folder.appending(path: "parent").path
            // Its parent is gone before it looks.
            let orphan = #"sleep 0.3; ps -o ppid= -p $$ > "$0.new"; mv "$0.new" "$0""#
            let script = #"sh -c 'setsid sh -c "$1" "$0" &' "$0" "$1"; echo ready; exec sleep 60"#
            let wrapped = try Wrapped([], around: ["sh", "-c", script, file, orphan], on: stage)
            let parent = try await eventually("the orphan has looked") {
                try? String(contentsOfFile: file, encoding: .utf8)
            }
            let pid = wrapped.program.process.pid
            #expect(Int32(parent.trimmingCharacters(in: .whitespacesAndNewlines)) == pid)
            try await eventually(that: "only the child is left") {
                let children = try? await run(
                    ["pgrep", "-P", "\(pid)"], in: TemporaryDirectory("vitals-wrap"), asUnprivileged: false)
                return children?.split(separator: "\n").count == 1
            }
            #expect(try await wrapped.stop() == 143)
        }
    }

    @Test("as process 1 of its own world it hears signals, and waits for orphans", .enabled(if: isRoot))
    func firstProcess() async throws {
        try await Stage.run { stage in
            // The child's own TERM to process 1 comes back to it.
            let script = #"""
                sh -c 'sleep 0.2 &'
                until ! pgrep -x sleep > /dev/null; do :; done
                echo "pid 1: $(tr '\0' ' ' < /proc/1/cmdline | cut -d ' ' -f 2 | head -1)"
                kill -TERM 1
                exec sleep 600
                """#
            let wrapped = try Wrapped(
                [], around: ["sh", "-c", script], through: ["unshare", "--pid", "--fork", "--mount-proc"],
                on: stage)
            #expect(try await wrapped.program.process.waitForExit() == 143)
            #expect(wrapped.program.output == "pid 1: wrap\n")
        }
    }

    private static let isRoot = geteuid() == 0

    @Test("killed itself, it leaves the child alone")
    func killed() async throws {
        try await Stage.run { stage in
            let wrapped = try Wrapped([], around: ["sh", "-c", "echo $$; exec sleep 600"], on: stage)
            let child = try await eventually("the child says who it is") {
                Int32(wrapped.program.output.trimmingCharacters(in: .whitespacesAndNewlines))
            }
            defer { kill(child, SIGKILL) }
            #expect(try await wrapped.stop(SIGKILL) == 137)
            #expect(kill(child, 0) == 0)
        }
    }

    @Test("the child has nothing of ours open, and everything that was open before")
    func descriptors() async throws {
        try await Stage.run { stage in
            let list = #"ls /proc/self/fd | tr '\n' ' '"#
            let script = #"exec 7</etc/hostname; \#(list) >&2; echo >&2; exec "$0" "$@""#
            let wrapped = try Wrapped(
                ["--tcp", "127.0.0.1:1"], around: ["sh", "-c", "\(list); readlink /proc/self/fd/7"],
                through: ["sh", "-c", script], on: stage)
            #expect(try await wrapped.program.process.waitForExit() == 0)
            // Among them is the folder that is being listed, and what the tests themselves have open.
            let before = wrapped.program.errors.prefix { $0 != "\n" }
            #expect(before.contains(" 7 "))
            #expect(wrapped.program.output == before + "/etc/hostname\n")
        }
    }

    @Test("the DSN comes from the environment or a file, too, and the child gets neither")
    func environment() async throws {
        try await Stage.run { stage in
            let file = stage.folder.appending(path: "dsn")
            try Data("postgres://a:s3cr3t@127.0.0.1:1/b\n".utf8).write(to: file)
            for variable in [
                ["VITALS_DSN": "postgres://a:s3cr3t@127.0.0.1:1/b"], ["VITALS_DSN_FILE": file.path],
            ] {
                let (exitCode, output, errors) = try await VitalsProgram.run(
                    ["wrap", "--once"], environment: variable, on: stage)
                #expect(exitCode == 2)
                #expect(output.contains("refused"))
                #expect(!(output + errors).contains("s3cr3t"))
                let wrapped = try Wrapped(
                    [], around: ["env"], environment: variable.merging(["KEPT": "yes"]) { $1 }, on: stage)
                #expect(try await wrapped.program.process.waitForExit() == 0)
                #expect(wrapped.program.output.contains("KEPT=yes"))
                #expect(!wrapped.program.output.contains("VITALS_DSN"))
            }
        }
    }
}

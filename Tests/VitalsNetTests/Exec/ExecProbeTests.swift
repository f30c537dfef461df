import Glibc
import Testing
import VitalsCore
import VitalsEngine
import VitalsTesting

@testable import VitalsNet

@Suite("The exec probe")
struct ExecProbeTests {
    private let harness: ExecHarness

    init() throws {
        harness = try ExecHarness()
    }

    @Test(
        "takes the exit status as plugins mean it",
        arguments: [
            ("exit 0", "pass"), ("exit 1", "condition_warn in request (WARNING)"),
            ("exit 2", "condition in request (CRITICAL)"), ("exit 3", "internal in request (UNKNOWN)"),
            ("exit 4", "bad_configuration in request (exit 4)"),
            ("exit 126", "bad_configuration in request (exit 126)"),
            ("exit 127", "bad_configuration in request (exit 127)"),
            ("exit 255", "bad_configuration in request (exit 255)"),
            ("kill -9 $$", "bad_configuration in request (signal 9)"),
            ("kill -15 $$", "bad_configuration in request (signal 15)"),
        ])
    func status(script: String, verdict: String) async throws {
        #expect(try await harness.shell(script).verdict == verdict)
    }

    @Test("says what the plugin said, and measures what it measured")
    func output() async throws {
        let result = try await harness.shell("echo 'DISK WARNING - 9% left | /=91%;90;95;0;100'; exit 1")
        #expect(result.fault?.message == "DISK WARNING - 9% left")
        #expect(result.facts[.output] == .text("DISK WARNING - 9% left"))
        #expect(result.vitals.map(\.name) == ["/"])
        #expect(result.vitals.first?.state == .degraded)
        #expect(result.phases.map(\.phase) == [.connect, .request])
        let silent = try await harness.shell("echo problem >&2; exit 2")
        #expect(silent.fault?.message == "problem")
        #expect(silent.trace == "problem")
        #expect(try await harness.shell("exit 2").fault?.message == "it said nothing")
        let passed = try await harness.shell("echo OK")
        #expect(passed.facts[.output] == .text("OK"))
    }

    @Test("shows whatever bytes it prints safely, and no secret")
    func unsafeOutput() async throws {
        let result = try await harness.shell(
            #"printf 'a\377\033]0;b\007 %s\nmore %s' "$PW" "$PW"; exit 2"#,
            environment: [.init(name: "PW", value: .init("s3cret", variables: [0..<6]))])
        #expect(result.fault?.message == "a\u{FFFD} ]0;b  •••")
        #expect(!result.trace.contains("s3cret"))
        #expect(result.facts[.output] == .text("a\u{FFFD} ]0;b  •••"))
    }

    @Test("drops what is more than it keeps, and never holds the plugin up")
    func flood() async throws {
        let result = try await harness.shell(
            "echo first; head -c 3000000 /dev/zero | tr '\\0' x; head -c 3000000 /dev/zero >&2; exit 1")
        #expect(result.verdict == "condition_warn in request (WARNING)")
        #expect(result.fault?.message == "first")
        #expect(result.trace.utf8.count <= 2_048)
    }

    @Test(
        "a program that cannot be started is ours to mend",
        arguments: ["/no/such/program", "/etc/hostname", "/", "/etc/hostname/x"])
    func notStarted(path: String) async throws {
        let result = try await harness.run([.init(path), "x"])
        #expect(result.fault?.cause == .badConfiguration)
        #expect(result.fault?.phase == .connect)
        #expect(result.fault?.message.hasPrefix("cannot be started: ") == true)
        let nowhere = try await harness.shell("exit 0", directory: "/no/such/folder")
        #expect(nowhere.fault?.cause == .badConfiguration)
    }

    @Test("inherits no descriptor, no signal and no variable of ours")
    func inheritsNothing() async throws {
        // A descriptor that does not close by itself, as sockets of the event loops do not.
        let open = Glibc.open("/dev/null", O_RDONLY)
        defer { close(open) }
        setenv("VITALS_TEST_SECRET", "s3cret", 1)
        defer { unsetenv("VITALS_TEST_SECRET") }
        let files = try await harness.run(["/bin/ls", "-1", "/proc/self/fd"])
        // `ls` itself has the folder open.
        #expect(files.facts[.output] == .text("0"))
        // The fourth is the folder that the shell reads.
        let count = try await harness.shell("set -- /proc/self/fd/*; echo $#")
        #expect(count.facts[.output] == .text("4"))
        let environment = try await harness.run(["/usr/bin/env", "-0"])
        #expect(!"\(environment)".contains("s3cret"))
        let signals = try await harness.run(["/bin/grep", "-h", "Sig[BI]", "/proc/self/status"])
        #expect(signals.facts[.output] == .text("SigBlk: 0000000000000000"))
        let ignored = try await harness.run(["/bin/grep", "-h", "SigIgn", "/proc/self/status"])
        // Two that the C library keeps for itself.
        #expect(ignored.facts[.output] == .text("SigIgn: 0000000180000000"))
        let input = try await harness.shell("read line || echo nothing")
        #expect(input.facts[.output] == .text("nothing"))
    }

    @Test("runs where and with what it is told")
    func told() async throws {
        let directory = try TemporaryDirectory()
        let place = try await harness.shell("pwd", directory: directory.path)
        #expect(place.facts[.output] == .text(directory.path))
        let variable = try await harness.shell("echo $A", environment: [.init(name: "A", value: "b")])
        #expect(variable.facts[.output] == .text("b"))
        let arguments = try await harness.run(["/bin/echo", "a  b", "$HOME", "*"])
        #expect(arguments.facts[.output] == .text("a  b $HOME *"))
    }

    // MARK: The end

    @Test("at the deadline all of it is ended, whoever keeps the pipe open and whoever does not listen")
    func deadline() async throws {
        let directory = try TemporaryDirectory()
        let script = """
            trap '' TERM; (trap '' TERM; echo $$ > \(directory.file("child")); sleep 600) & \
            echo $$ > \(directory.file("parent")); echo $! > \(directory.file("child"))
            echo half | cat; wait; sleep 600
            """
        let result = try await harness.shell(script, timeout: .seconds(2))
        #expect(result.verdict == "timeout in request")
        #expect(result.fault?.message.contains("within 2 s") == true)
        let pids = ["parent", "child"].compactMap { Int32(directory.read($0).filter(\.isNumber)) }
        #expect(pids.count == 2)
        for pid in pids { try await eventually(that: "\(pid) is gone") { !isAlive(pid) } }
        try await eventually(that: "the thread is free") { harness.threads.atWork == 0 }
    }

    @Test("a plugin that leaves somebody behind has its verdict at once, and nobody stays")
    func leftBehind() async throws {
        let directory = try TemporaryDirectory()
        let result = try await harness.shell(
            "sleep 600 & echo $! > \(directory.file("child")); echo OK", timeout: .seconds(60))
        #expect(result.verdict == "pass")
        let pid = try #require(Int32(directory.read("child").filter(\.isNumber)))
        try await eventually(that: "it is gone") { !isAlive(pid) }
    }

    @Test("is ended when nobody waits any more")
    func cancelled() async throws {
        let directory = try TemporaryDirectory()
        let cancellations = Cancellations()
        async let result = harness.shell(
            "echo $$ > \(directory.file("pid")); exec sleep 600", cancellations)
        let pid = try await eventually("it runs") { Int32(directory.read("pid").filter(\.isNumber)) }
        cancellations.cancelAll()
        #expect(try await result.verdict == "internal in request")
        try await eventually(that: "it is gone") { !isAlive(pid) }
    }

    @Test("what asks to be ended politely may tidy up")
    func polite() async throws {
        let directory = try TemporaryDirectory()
        let file = directory.file("tidied")
        let result = try await harness.shell(
            "trap 'echo yes > \(file); exit 0' TERM; while :; do sleep 0.05; done", timeout: .seconds(2))
        #expect(result.fault?.cause == .timeout)
        try await eventually(that: "it tidied up") { directory.read("tidied") == "yes\n" }
    }

    @Test("many at once are bounded, and all of them are run")
    func many() async throws {
        let results = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<40 {
                group.addTask { [harness] in try await harness.shell("echo OK | cat").verdict }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(results == Array(repeating: "pass", count: 40))
    }
}

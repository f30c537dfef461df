import Testing
import VitalsCore

@Suite("Around another program")
struct SupervisionTests {
    private static func running() -> Supervision {
        var supervision = Supervision(hasChild: true)
        _ = supervision.apply(.started)
        return supervision
    }

    @Test("every signal is passed on while the child runs, and ends nothing by itself", arguments: 1...64)
    func forwarded(number: Int32) {
        var supervision = Self.running()
        #expect(supervision.apply(.signal(number)) == [.forward(number)])
        #expect(supervision.apply(.signal(number)) == [.forward(number)])
    }

    @Test("the child's status is ours; a signal's is 128 and its number", arguments: [0, 7, 255])
    func status(code: Int32) {
        var supervision = Self.running()
        #expect(supervision.apply(.exited(code)) == [.end(code)])
        for number: Int32 in [9, 15] {
            var supervision = Self.running()
            #expect(supervision.apply(.killed(number)) == [.end(128 + number)])
        }
    }

    @Test("a child that cannot be started has the status that shells give it")
    func notStarted() {
        for (errno, status) in [(2, 127), (13, 126), (8, 126)] as [(Int32, Int32)] {
            var supervision = Supervision(hasChild: true)
            #expect(supervision.apply(.notStarted(errno)) == [.end(status)])
        }
    }

    @Test("a signal before the child is there ends us, if it is one that ends programs")
    func early() {
        for number: Int32 in [1, 2, 3, 15] {
            var supervision = Supervision(hasChild: true)
            #expect(supervision.apply(.signal(number)) == [.end(128 + number)])
        }
        var supervision = Supervision(hasChild: true)
        #expect(supervision.apply(.signal(10)) == [])
        #expect(supervision.apply(.started) == [])
        #expect(supervision.apply(.signal(10)) == [.forward(10)])
    }

    @Test("without a child it ends in order when it is told to, and does nothing about other signals")
    func alone() {
        var supervision = Supervision(hasChild: false)
        #expect(supervision.apply(.signal(28)) == [])
        #expect(supervision.apply(.signal(15)) == [.end(0)])
    }

    @Test("nothing follows the end")
    func over() {
        var supervision = Self.running()
        _ = supervision.apply(.exited(3))
        for event in [Supervision.Event.signal(15), .exited(4), .killed(9), .started, .notStarted(2)] {
            #expect(supervision.apply(event) == [])
        }
    }
}

@Suite("One probe as an exit status")
struct ProbeVerdictTests {
    private static func verdict(_ cause: Cause?, in phase: Phase = .connect) -> ProbeVerdict {
        ProbeVerdict(cause.map { Fault($0, in: phase, message: "") }, isDatabase: true)
    }

    @Test("0 healthy, 1 degraded, 2 down, 3 unknown or ours to mend (S38)")
    func single() {
        #expect(Self.verdict(nil) == .healthy)
        #expect(Self.verdict(.readOnly, in: .write) == .degraded)
        #expect(Self.verdict(.timeout, in: .read) == .degraded)
        #expect(Self.verdict(.timeout) == .down)
        #expect(Self.verdict(.refused) == .down)
        #expect(Self.verdict(.authFailed) == .unknown)
        #expect(Self.verdict(.internal) == .unknown)
        #expect(ProbeVerdict.allCases.map { $0.exitStatus(isCompatible: false) } == [0, 1, 2, 3])
    }

    @Test("for those who know only 0 and 1, down is 1")
    func compatible() {
        #expect(ProbeVerdict.allCases.map { $0.exitStatus(isCompatible: true) } == [0, 1, 1, 3])
    }

    @Test("of several the worst: down, then degraded, then unknown")
    func worst() {
        #expect(ProbeVerdict(worst: []) == .healthy)
        #expect(ProbeVerdict(worst: [.healthy, .unknown]) == .unknown)
        #expect(ProbeVerdict(worst: [.unknown, .degraded, .healthy]) == .degraded)
        #expect(ProbeVerdict(worst: [.unknown, .down, .degraded]) == .down)
    }
}

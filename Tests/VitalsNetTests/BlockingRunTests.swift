import Foundation
import NIOCore
import NIOPosix
import Synchronization
import Testing
import VitalsCore
import VitalsTesting

@testable import VitalsNet

@Suite("A run that blocks its thread")
struct BlockingRunTests {
    private let group = MultiThreadedEventLoopGroup.singleton

    private func work(
        _ target: String, _ perform: @escaping @Sendable (RunTicket) -> Void = { _ in }
    ) -> BlockingWork {
        BlockingWork(
            target: target, firstPhase: .connect,
            perform: { ticket, report in
                perform(ticket)
                report(BlockingVerdict())
            }, silence: { "silence in \($0.rawValue)" })
    }

    private func run(
        _ work: BlockingWork, _ timeout: Duration, _ threads: BlockingThreads,
        _ cancellations: Cancellations? = nil
    ) async -> ProbeResult {
        let loop = group.next()
        return await withCheckedContinuation { continuation in
            loop.execute {
                let cancel = BlockingRun.start(work, timeout: timeout, on: loop, threads: threads) {
                    continuation.resume(returning: $0)
                }
                cancellations?.add(cancel)
            }
        }
    }

    @Test("gives what the work found, with its phases")
    func verdict() async {
        let threads = BlockingThreads(1)
        let result = await run(work("a") { $0.enter(.read) }, .seconds(20), threads)
        #expect(result.verdict == "pass")
        #expect(result.phases.map(\.phase) == [.connect, .read])
    }

    @Test("ends at its deadline whatever hangs, and the target gets no second thread")
    func hanging() async throws {
        var (threads, gate, before) = (BlockingThreads(2), Gate(), NIODeadline.now())
        var hung: ProbeResult
        // A loop that other tests keep busy cannot tell, and says so: then it is asked anew.
        var attempts = 0
        repeat {
            attempts += 1
            gate.open()
            (threads, gate, before) = (BlockingThreads(2), Gate(), NIODeadline.now())
            let closed = gate
            hung = await run(
                work("dead") { ticket in
                    ticket.enter(.read)
                    closed.wait()
                }, .seconds(1), threads)
        } while hung.verdict == "internal in read" && attempts < 20
        #expect(hung.verdict == "timeout in read")
        #expect(hung.fault?.message == "silence in read within 1 s")
        // Well before, it may be tidying up.
        #expect(threads.hanging(on: "dead", at: before + .seconds(2)) == nil)
        #expect(threads.hanging(on: "dead", at: .now() + .seconds(10)) != nil)
        try await eventually(that: "it hangs") { threads.hanging(on: "dead", at: .now()) != nil }
        let again = await run(work("dead"), .seconds(20), threads)
        #expect(again.verdict == "timeout in connect")
        #expect(again.fault?.message.hasPrefix("an earlier run has been hanging there for ") == true)
        #expect(await run(work("alive"), .seconds(20), threads).verdict == "pass")
        gate.open()
        try await eventually(that: "the thread is free") {
            threads.hanging(on: "dead", at: .now() + .seconds(10)) == nil
        }
        #expect(await run(work("dead"), .seconds(20), threads).verdict == "pass")
    }

    @Test("that finds no thread tells nothing of its target, and no time is counted")
    func noThread() async throws {
        let threads = BlockingThreads(1)
        let gate = Gate()
        async let first = run(work("a") { _ in gate.wait() }, .seconds(20), threads)
        try await eventually(that: "the thread is taken") { threads.atWork == 1 }
        let second = await run(work("b"), .milliseconds(50), threads)
        #expect(second.verdict == "internal in connect")
        #expect(second.fault?.message == "none of 1 threads for such checks was free within 50 ms")
        #expect(second.latency == .zero)
        gate.open()
        #expect(await first.verdict == "pass")
        // What nobody waits for any more is not done.
        #expect(await run(work("b"), .seconds(20), threads).verdict == "pass")
    }

    @Test("can be ended early")
    func cancelled() async throws {
        let threads = BlockingThreads(1)
        let gate = Gate()
        let seen = Mutex(false)
        let cancellations = Cancellations()
        async let result = run(
            work("a") { ticket in
                gate.wait()
                seen.withLock { $0 = ticket.isCancelled }
            }, .seconds(20), threads, cancellations)
        try await eventually(that: "the thread is taken") { threads.atWork == 1 }
        cancellations.cancelAll()
        #expect(await result.verdict == "internal in connect")
        gate.open()
        try await eventually(that: "the work has ended") { threads.atWork == 0 }
        #expect(seen.withLock { $0 })
        await threads.shutDown(within: .seconds(20))
        #expect(await run(work("a"), .milliseconds(20), threads).verdict == "internal in connect")
    }

    @Test("does not keep the program from ending")
    func shutDown() async throws {
        let threads = BlockingThreads(1)
        let gate = Gate()
        defer { gate.open() }
        _ = await run(work("a") { _ in gate.wait() }, .milliseconds(20), threads)
        await threads.shutDown(within: .milliseconds(20))
        #expect(threads.atWork == 1)
    }
}

/// Holds a thread until it is opened.
private final class Gate: Sendable {
    private let semaphore = DispatchSemaphore(value: 0)

    func wait() { semaphore.wait() }
    func open() { semaphore.signal() }
}

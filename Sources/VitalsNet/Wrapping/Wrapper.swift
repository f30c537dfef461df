import CProcess
import Glibc
import NIOPosix
import Synchronization
import VitalsCore

/// Performs what `Supervision` says: hears signals, starts the child and passes them on, and waits for it and
/// for every orphan that becomes ours, as the first process of a container has to.
package final class Wrapper: Sendable {
    private struct State {
        var supervision: Supervision
        var child: pid_t?
        var ended: Int32?
        var whenEnded: CheckedContinuation<Int32, Never>?
    }

    private let state: Mutex<State>
    private let reading: CInt
    private let thread = NIOThreadPool(numberOfThreads: 1)

    /// Hears signals from now on.
    ///
    /// - Parameter hasChild: whether `start` will be called.
    /// - Throws: what the system refused.
    package init(hasChild: Bool) throws(WrapperError) {
        state = Mutex(State(supervision: Supervision(hasChild: hasChild)))
        var ends: (reading: CInt, writing: CInt) = (-1, -1)
        try Self.check(process_pipe(&ends.reading, &ends.writing), "pipe")
        reading = ends.reading
        try Self.check(process_hear_signals(ends.writing), "sigaction")
        // Where it cannot be had, orphans go where they would have gone without us.
        _ = process_adopt_orphans()
        thread.start()
        thread.submit { _ in self.listen() }
    }

    /// Starts the child. Of ours it has open what we were started with: a listening socket of whoever started
    /// us, a pipe of its shell.
    ///
    /// - Parameters:
    ///   - words: the program and its arguments; at least one.
    ///   - environment: `NAME=value`.
    /// - Returns: why it cannot be started; nothing: it was, or it is not to be any more.
    package func start(_ words: [String], environment: [String]) -> String? {
        precondition(!words.isEmpty)
        return state.withLock { state in
            guard state.ended == nil else { return nil }
            var child: pid_t = 0
            let failure = spawn(&child, words, environment)
            guard failure == 0 else {
                Self.perform(state.supervision.apply(.notStarted(failure)), &state)
                return String(cString: strerror(failure))
            }
            state.child = child
            Self.perform(state.supervision.apply(.started), &state)
            return nil
        }
    }

    /// Waits until all is over, and returns the status to end with.
    package func status() async -> Int32 {
        await withCheckedContinuation { continuation in
            state.withLock { state in
                guard let ended = state.ended else {
                    state.whenEnded = continuation
                    return
                }
                continuation.resume(returning: ended)
            }
        }
    }

    private func spawn(_ child: inout pid_t, _ words: [String], _ environment: [String]) -> CInt {
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for pointer in arguments + variables { free(pointer) } }
        return process_wrap(&child, &arguments, &variables)
    }

    /// On a thread of its own, for as long as the process lives.
    private func listen() {
        var wanted = pollfd(fd: reading, events: Int16(POLLIN), revents: 0)
        while true {
            // A signal that interrupts is itself what is waited for.
            poll(&wanted, 1, -1)
            var bytes = [UInt8](repeating: 0, count: 64)
            let count = read(reading, &bytes, bytes.count)
            guard count > 0 else { continue }
            for number in bytes.prefix(count) where CInt(number) != SIGCHLD {
                state.withLock { Self.perform($0.supervision.apply(.signal(Int32(number))), &$0) }
            }
            // One signal may stand for several children.
            reap()
        }
    }

    private func reap() {
        state.withLock { state in
            var status: CInt = 0
            while case let pid = waitpid(-1, &status, WNOHANG), pid > 0 {
                guard pid == state.child else { continue }
                let signal = status & 0x7F
                state.child = nil
                Self.perform(
                    state.supervision.apply(signal == 0 ? .exited(status >> 8 & 0xFF) : .killed(signal)),
                    &state)
            }
        }
    }

    private static func perform(_ actions: [Supervision.Action], _ state: inout State) {
        for action in actions {
            switch action {
            case .forward(let number):
                // Not waited for yet: the number is still its own.
                if let child = state.child { kill(child, number) }
            case .end(let status):
                state.ended = status
                state.whenEnded.take()?.resume(returning: status)
            }
        }
    }

    private static func check(_ failure: CInt, _ call: String) throws(WrapperError) {
        guard failure == 0 else { throw WrapperError(call: call, errno: failure) }
    }
}

/// The system refused something without which no program can be wrapped.
package struct WrapperError: Error, CustomStringConvertible {
    let call: String
    let errno: CInt

    package var description: String { "\(call): \(String(cString: strerror(errno)))" }
}

import CProcess
import Glibc
import NIOCore
import VitalsCore

/// One execution of a command, from its start until nothing of it is left. Blocks; on a thread for such.
///
/// The program has a process group of its own, which is ended as a whole: at the deadline, when nobody waits
/// any more, and when the program itself has ended and left others behind. Its output is read to the end or
/// to the program's end, whichever comes first, so that nobody who keeps it open keeps the verdict.
struct Execution: Sendable {
    let command: Command

    /// Between being asked to end and being made to.
    static let grace = TimeAmount.milliseconds(500)
    /// Between two looks whether anybody still waits.
    private static let glance: CInt = 100
    /// The same where the system does not tell that a process has ended.
    private static let shortGlance: CInt = 20

    enum End: Equatable {
        case exit(Int32)
        case signal(Int32)
        case timeout
        case cancelled
        /// It was never started, for this errno.
        case failure(Int32)
    }

    /// - Parameter report: how it ended and what it printed; called once, and then it is tidied up.
    func perform(_ ticket: RunTicket, _ report: (End, PluginPipes) -> Void) {
        var pipes = PluginPipes()
        defer { pipes.close() }
        let opened = pipes.open()
        guard opened == 0 else { return report(.failure(opened), pipes) }
        var child: pid_t = 0
        let failure = start(&child, pipes)
        pipes.closeWriting()
        guard failure == 0 else { return report(.failure(failure), pipes) }
        ticket.enter(.request)
        let descriptor = process_descriptor(child)
        defer { if descriptor >= 0 { Glibc.close(descriptor) } }
        let early = wait(for: child, descriptor, &pipes, ticket)
        pipes.read()
        if let early {
            report(early, pipes)
            endGroup(of: child, descriptor)
        }
        // The number is still its own, for nobody has waited for it.
        kill(-child, SIGKILL)
        let status = reap(child)
        if early == nil { report(status, pipes) }
    }

    private func start(_ child: inout pid_t, _ pipes: PluginPipes) -> CInt {
        var words: [UnsafeMutablePointer<CChar>?] = command.words.map { strdup($0) } + [nil]
        var variables: [UnsafeMutablePointer<CChar>?] =
            command.environment.map { strdup("\($0.name)=\($0.value)") } + [nil]
        defer { for pointer in words + variables { free(pointer) } }
        return process_start(
            &child, words[0], &words, &variables, command.directory, pipes.output.writing,
            pipes.errors.writing)
    }

    /// - Returns: nothing when the program has ended by itself.
    private func wait(
        for child: pid_t, _ descriptor: CInt, _ pipes: inout PluginPipes, _ ticket: RunTicket
    ) -> End? {
        let due = ticket.due
        while process_has_ended(child) == 0 {
            if ticket.isCancelled { return .cancelled }
            let left = (due - .now()).nanoseconds / 1_000_000
            guard left > 0 else { return .timeout }
            pipes.wait(
                with: descriptor, Int32(min(left, Int64(descriptor < 0 ? Self.shortGlance : Self.glance))))
            pipes.read()
        }
        return nil
    }

    /// Asks all of them to end, and gives the program itself a moment for it.
    private func endGroup(of child: pid_t, _ descriptor: CInt) {
        kill(-child, SIGTERM)
        let end = NIODeadline.now() + Self.grace
        while process_has_ended(child) == 0, .now() < end {
            var wanted = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            poll(&wanted, 1, Self.shortGlance)
        }
    }

    private func reap(_ child: pid_t) -> End {
        var status: CInt = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { return .failure(errno) }
        }
        let signal = status & 0x7F
        return signal == 0 ? .exit(status >> 8 & 0xFF) : .signal(signal)
    }
}

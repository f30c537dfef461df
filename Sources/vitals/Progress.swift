import Glibc
import Synchronization

/// Says what is being done, on the standard error of a terminal only, once it takes longer than a second.
enum Progress {
    /// Runs the work, and takes the line away when it is done.
    static func showing<Result>(_ what: String, _ work: () throws -> Result) rethrows -> Result {
        guard isatty(STDERR_FILENO) == 1 else { return try work() }
        let line = ProgressLine(what)
        line.begin()
        defer { line.end() }
        return try work()
    }
}

/// One line that counts the seconds, written by a thread of its own: the work may leave no other a turn.
private final class ProgressLine: Sendable {
    private struct State {
        var isDone = false
        var isShown = false
    }

    private let what: String
    private let state = Mutex(State())

    init(_ what: String) {
        self.what = what
    }

    func begin() {
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let failure = pthread_create(
            &thread, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<ProgressLine>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        if failure == 0 {
            pthread_detach(thread)
        } else {
            Unmanaged<ProgressLine>.fromOpaque(context).release()
        }
    }

    private func run() {
        var seconds = 0
        while true {
            usleep(1_000_000)
            seconds += 1
            let isDone = state.withLock { state in
                guard !state.isDone else { return true }
                state.isShown = true
                Self.write("\r\u{1B}[K\(what) ... \(seconds) s")
                return false
            }
            if isDone { return }
        }
    }

    func end() {
        state.withLock { state in
            state.isDone = true
            if state.isShown { Self.write("\r\u{1B}[K") }
        }
    }

    private static func write(_ text: String) {
        let bytes = Array(text.utf8)
        _ = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}

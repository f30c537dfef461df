import CProcess
import Glibc

/// The two pipes that a program prints into. What is beyond the limit of each is read and dropped, so that
/// the program is never held up.
struct PluginPipes {
    static let limit = 64 << 10

    private(set) var output = Pipe()
    private(set) var errors = Pipe()

    struct Pipe {
        fileprivate(set) var reading: CInt = -1
        fileprivate(set) var writing: CInt = -1
        fileprivate(set) var bytes: [UInt8] = []
    }

    /// - Returns: 0, or why not.
    mutating func open() -> CInt {
        for pipe in [\PluginPipes.output, \.errors] {
            var ends: (reading: CInt, writing: CInt) = (-1, -1)
            let failure = process_pipe(&ends.reading, &ends.writing)
            self[keyPath: pipe].reading = ends.reading
            self[keyPath: pipe].writing = ends.writing
            guard failure == 0 else { return failure }
        }
        return 0
    }

    /// The program has ends of its own.
    mutating func closeWriting() {
        Self.close(&output.writing)
        Self.close(&errors.writing)
    }

    mutating func close() {
        closeWriting()
        Self.close(&output.reading)
        Self.close(&errors.reading)
    }

    /// Until there is something to read, another descriptor has something to say, or the time is up.
    func wait(with descriptor: CInt, _ milliseconds: CInt) {
        // A negative descriptor is passed over.
        var wanted = [output.reading, errors.reading, descriptor].map {
            pollfd(fd: $0, events: Int16(POLLIN), revents: 0)
        }
        poll(&wanted, nfds_t(wanted.count), milliseconds)
    }

    /// Takes in what is there, up to a bound: a program that prints without end must not keep us here.
    mutating func read() {
        Self.read(&output)
        Self.read(&errors)
    }

    private static func read(_ pipe: inout Pipe) {
        var chunk = [UInt8](repeating: 0, count: limit)
        for _ in 0..<4 where pipe.reading >= 0 {
            let count = Glibc.read(pipe.reading, &chunk, chunk.count)
            guard count > 0 else {
                if count == 0 { close(&pipe.reading) }
                return
            }
            pipe.bytes += chunk.prefix(min(count, limit - pipe.bytes.count))
        }
    }

    private static func close(_ descriptor: inout CInt) {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }
}

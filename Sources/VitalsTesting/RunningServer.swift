import Glibc

/// A real server started by a test, on the loopback, stopped by its own pid.
package final class RunningServer: Sendable {
    package let process: ChildProcess
    private let directory: TemporaryDirectory
    private let log: String

    /// Starts a server and waits until it is ready.
    ///
    /// - Parameters:
    ///   - arguments: the program and its arguments; it must stay in the foreground.
    ///   - directory: where it runs, and where its log goes; kept as long as the server.
    ///   - port: waited for until something listens there.
    /// - Throws: when it ends instead, with its log.
    package init(
        _ arguments: [String], in directory: TemporaryDirectory, environment: [String: String] = [:],
        listeningOn port: Int
    ) async throws {
        self.directory = directory
        log = "server-\(port).log"
        process = try ChildProcess(
            arguments, in: directory.path, environment: environment, output: directory.file(log))
        let isReady = try await eventually("\(arguments.first ?? "") listening on \(port)") {
            process.isRunning ? (isListening(on: port) ? true : nil) : false
        }
        guard isReady else {
            throw ProgramFailed(
                arguments: arguments, code: try await process.waitForExit(), output: directory.read(log))
        }
    }

    /// What it has written so far.
    package var output: String { directory.read(log) }

    /// Asks it to end by a signal, and makes it end if it does not.
    package func stop(_ number: Int32 = SIGTERM) async {
        await process.stop(number)
    }
}

/// Whether something listens on the port of 127.0.0.1.
package func isListening(on port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var address = loopback(port)
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}

/// A TCP port of 127.0.0.1 that nobody held a moment ago. Where a server can take port 0 itself, that is
/// better.
package func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw SystemError("socket") }
    defer { close(descriptor) }
    var address = loopback(0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) == 0 ? getsockname(descriptor, $0, &length) : -1
        }
    }
    guard result == 0 else { throw SystemError("bind") }
    return Int(UInt16(bigEndian: address.sin_port))
}

private func loopback(_ port: Int) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(truncatingIfNeeded: port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
}

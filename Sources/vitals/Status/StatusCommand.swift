import ArgumentParser
import VitalsCore
import VitalsEngine

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Asks a running server how things are, problems first.",
        discussion: """
            One line for each health check that is not healthy: its state, for how long, the cause and the \
            phase of its last run, what was said, and before that until when it is snoozed. A count of all \
            is the last line. Lines are cut to the width of a terminal, and coloured there unless NO_COLOR \
            is set.

            The server is that of --url, of VITALS_URL, or this machine's own at http://127.0.0.1:8080; the \
            token that of VITALS_TOKEN or API_TOKEN.

            Exit status, as Nagios plugins have it: 0 all that is enabled is healthy, 1 something is \
            degraded, 2 something is unhealthy, 3 something is unknown, nothing is watched, or the server \
            cannot be asked.
            """)

    @Option(name: .long, help: "The server's address. Default: VITALS_URL, or http://127.0.0.1:8080.")
    var url: String?

    @Option(
        name: .long,
        help: "The token. Default: VITALS_TOKEN, or API_TOKEN, which other users of the machine cannot see.")
    var token: String?

    @Flag(name: .long, help: "List the healthy and the disabled health checks too.")
    var all = false

    @Flag(
        name: .long,
        help: "Print one JSON object: items as in the API (problems, or all of them), and counts.")
    var json = false

    @Option(name: .long, help: "The deadline for each page of the answer: 500ms, 10s, 1m.")
    var timeout = "10s"

    func run() async throws {
        let code: Int32
        do {
            let deadline = try DurationArgument.timeout(timeout)
            let address = try address()
            code = try await Compose.withNetwork { network in
                try await ask(
                    StatusClient(network: network, url: address, token: secret, timeout: deadline))
            }
        } catch let error as StatusClient.Failure {
            StandardError.write("vitals status: \(error)")
            code = 3
        } catch let error as TargetError {
            StandardError.write("vitals status: \(error.message)")
            code = 3
        }
        throw ExitCode(code)
    }

    private func address() throws -> String {
        let variables = Environment.variables()
        let given = url ?? variables["VITALS_URL"].flatMap { $0.isEmpty ? nil : $0 }
        var address = (given ?? "http://127.0.0.1:8080")[...]
        while address.hasSuffix("/") { address = address.dropLast() }
        guard !address.contains("?"), !address.contains("#") else {
            throw TargetError("the address of a server holds neither ? nor #")
        }
        if secret != nil, address.hasPrefix("http://"), !Self.isLoopback(address) {
            StandardError.write("warning: the token goes to \(address) in the clear; use https")
        }
        return String(address)
    }

    private static func isLoopback(_ address: Substring) -> Bool {
        ["http://127.", "http://localhost", "http://[::1]"].contains { address.hasPrefix($0) }
    }

    private var secret: Secret? {
        let variables = Environment.variables()
        let given = [token, variables["VITALS_TOKEN"], variables["API_TOKEN"]]
        return given.compactMap(\.self).first { !$0.isEmpty }.map { Secret($0) }
    }

    private func ask(_ client: StatusClient) async throws -> Int32 {
        var report = StatusReport()
        let style = Terminal.style
        if json { return try await printJSON(client) }
        try await client.forEach { item in
            if let line = StatusLine(item) { report.add(line) }
        }
        let now = MachineClock.system.wall()
        report.problemLines(style, at: now).forEach { print($0) }
        if all {
            try await client.forEach { item in
                guard let line = StatusLine(item), !StatusReport.isProblem(line) else { return }
                print(StatusReport.text(of: line, style: style, at: now))
            }
        }
        print(report.summary)
        return report.exitCode
    }

    /// Written as it comes, so that no number of health checks takes more memory than a page of them.
    private func printJSON(_ client: StatusClient) async throws -> Int32 {
        var isFirst = true
        var counted = StatusReport()
        try await client.forEach { item in
            guard let line = StatusLine(item) else { return }
            counted.count(line)
            guard all || StatusReport.isProblem(line) else { return }
            print(isFirst ? "{\"items\":[" : ",", terminator: "")
            print(item.text, terminator: "")
            isFirst = false
        }
        print("\(isFirst ? "{\"items\":[" : "")],\"counts\":\(counted.countsJSON.text)}")
        return counted.exitCode
    }
}

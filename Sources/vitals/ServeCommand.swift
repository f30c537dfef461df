import ArgumentParser
import Glibc
import Logging
import ServiceLifecycle
import VitalsEngine
import VitalsNet
import VitalsServer
import VitalsStore

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Starts the server: probes, records, tells and answers.",
        discussion: """
            Without a configuration the server watches itself. What is in the file is described in \
            docs/configuration.md; environment variables such as HTTP_ADDR and API_TOKEN win over it, and \
            flags over both.

            Exit status: 0 it was stopped, 75 the data folder or the port cannot be had, or the store is \
            damaged or lacks its key, 78 the configuration is wrong.
            """)

    @Option(
        name: .long,
        help: "The configuration file, or a folder of them. (default: none, the server watches itself)",
        completion: .file(extensions: ["yaml", "yml"]))
    var config: String?

    @Option(
        name: .long, help: "The folder for everything that is to be remembered; made if it is missing.",
        completion: .directory)
    var data = "./data"

    @Option(name: .long, help: "Where to listen, as host:port. (default: 127.0.0.1:8080)")
    var listen: String?

    @Flag(name: .long, help: "Listen on other than loopback addresses without API_TOKEN.")
    var insecure = false

    @Option(name: .long, help: "The least important events to log.")
    var logLevel = LogLevel.info

    @Option(name: .long, help: "How to log.")
    var logFormat = LogFormat.text

    func run() async throws {
        // A file that may not grow is an error like a full disk, and no reason to end.
        signal(SIGXFSZ, SIG_IGN)
        try await Compose.withNetwork { network in
            let store = try Compose.store(folder: data)
            do {
                try await serve(store, network)
            } catch {
                try store.close()
                throw error
            }
            try store.close()
        }
    }

    private func serve(_ store: SQLiteStore, _ network: Network) async throws {
        let logger = logFormat.logger(logLevel.level)
        if store.isNew { logger.notice("made a new store", metadata: ["folder": "\(data)"]) }
        do {
            let key = try RevisionKey.load(folder: data, isInUse: store.holdsHealthChecks)
            let sealed = try SecretKey.load(
                folder: data, environment: SecretFiles().variables(SecretKey.names))
            let sources = Compose.sources(
                path: config, listen: listen, network, key: key, sealed: sealed)
            let stored = try sources.open(await store.resources())
            let (files, read) = try Compose.configuration(sources, stored: stored)
            for warning in read.warnings {
                logger.warning("\(warning)")
            }
            if read.configuration.wholeService == nil {
                logger.info("ALERT_EMAIL is not set: nobody is mailed about the whole service")
            }
            let host = ListenAddress(host: read.configuration.server.host, port: 0)
            let group = try await Compose.server(
                read, from: sources, files: files, stored: stored, store: store, folder: data,
                network,
                isInsecure: insecure, logger: logger,
                accessLog: logFormat.logger(logLevel.level, label: "access")
            ) { port in
                logger.notice(
                    "listening", metadata: ["address": "\(ListenAddress(host: host.host, port: port))"])
                if config == nil {
                    print(Self.nextSteps(ListenAddress(host: host.host, port: port)))
                    // Into a pipe or a file it would only be written when the server ends.
                    fflush(nil)
                }
            }
            try await group.run()
            logger.notice("stopped")
        } catch let error as RevisionKeyError {
            throw fail(error, ExitStatus.temporaryFailure)
        } catch let error as SealedTextError {
            throw fail(error, ExitStatus.temporaryFailure)
        } catch let error as NodeError {
            throw fail(error, ExitStatus.temporaryFailure)
        } catch let error as StoreError {
            throw fail(error, ExitStatus.temporaryFailure)
        } catch let error as ListenError {
            throw fail(error, ExitStatus.temporaryFailure)
        } catch let error as ListenRefusal {
            throw fail(error, ExitStatus.badConfiguration)
        } catch let error as CertificateError {
            throw fail(error, ExitStatus.badConfiguration)
        } catch let error as TargetError {
            throw fail(error.message, ExitStatus.badConfiguration)
        }
    }

    private func fail(_ reason: some Any, _ code: ExitCode) -> ExitCode {
        StandardError.write("vitals serve: \(reason)")
        return code
    }

    /// What to do when there is nothing to watch yet.
    private static func nextSteps(_ address: ListenAddress) -> String {
        """
        Vitals watches itself, for want of a configuration: curl http://\(address)/api/v1/systems
        Try a database first: \(CommandLine.arguments[0]) check postgres://user:password@host:5432/database
        Then name it in vitals.yaml as README.md shows, and start again with --config vitals.yaml
        """
    }
}

import NIOCore
import NIOPosix
import VitalsCore
package import VitalsEngine

/// Everything that opens sockets outward, put together: threads, resolvers, probes and channels.
package final class Network: Sendable {
    package let loops: NetworkLoops
    let userAgent: String
    private let caller: Caller
    let client: HTTPClient
    private let probeGroup: MultiThreadedEventLoopGroup
    private let channelGroup: MultiThreadedEventLoopGroup
    private let workers: NIOThreadPool
    let fileThreads = BlockingThreads(16)
    private let commandThreads = BlockingThreads(32)
    let scramKeys = ScramKeyCache()
    let d1Budgets = D1Budgets()

    /// - Parameters:
    ///   - version: ours, as told to those whom we ask.
    ///   - resolver: where names are looked up. Default: as the machine does.
    ///   - clock: for the days that certificates have left.
    package init(
        version: String, resolver: ResolverSettings = ResolverSettings(),
        clock: MachineClock
    ) throws {
        workers = NIOThreadPool(numberOfThreads: 1)
        workers.start()
        // One thread is enough for ten thousand checks.
        probeGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loops = try NetworkLoops(probeGroup, resolver: resolver, workers: workers, wall: clock.wall)
        channelGroup = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        caller = Caller(
            loops: try NetworkLoops(channelGroup, resolver: resolver, workers: workers, wall: clock.wall))
        client = HTTPClient(caller)
        userAgent = "vitals/\(version)"
    }

    /// The loop on which the scheduler and every probe of `forms` run.
    package var probeLoop: NIOProbeLoop { NIOProbeLoop(probeGroup.next()) }

    /// The kinds of probe, one line each.
    package var forms: [ProbeForm] {
        [
            PostgresProbe.form(on: loops, keys: scramKeys),
            MySQLProbe.form(on: loops),
            RedisProbe.form(on: loops),
            HTTPProbe.form(on: loops, userAgent: userAgent),
            TCPProbe.form(on: loops),
            DNSProbe.form(on: loops),
            EchoProbe.form(on: loops),
            TLSProbe.form(on: loops),
            SQLiteProbe.form(on: loops, threads: fileThreads),
            ExecProbe.form(on: loops, threads: commandThreads),
            HeartbeatProbe.form(on: loops),
            D1Probe.form(on: loops, budgets: d1Budgets, userAgent: userAgent),
            ConvexProbe.form(on: loops, userAgent: userAgent),
            S3Probe.form(on: loops, userAgent: userAgent),
            WebSocketProbe.form(on: loops, userAgent: userAgent),
            SupabaseProbe.form(on: loops, userAgent: userAgent),
            SQLServerProbe.form(on: loops),
        ]
    }

    /// The kinds of channel, one line each.
    package var channelForms: [ChannelForm] {
        [
            WebhookChannel.form(client, userAgent: userAgent),
            DiscordChannel.form(client, userAgent: userAgent),
            SlackChannel.form(client, userAgent: userAgent),
            NtfyChannel.form(client, userAgent: userAgent),
            SMTPChannel.form(caller),
        ]
    }

    /// Who is called while all is well.
    package func deadman(_ settings: DeadmanSettings) throws(TargetError) -> DeadmanSwitch {
        let url = try HTTPURL(parsing: settings.url.revealed)
        let request = HTTPRequest(
            settings.method, url, userAgent: userAgent, body: settings.method == "GET" ? nil : "")
        return DeadmanSwitch(every: settings.every) { [client] timeout in
            await client.deliver(request, timeout: timeout)
        }
    }

    /// Ends the threads. What is still under way is dropped without a verdict: cancel it before.
    package func shutdown() async throws {
        try await loops.errandsEnded()
        // Commands that were cut short are still being ended.
        await commandThreads.shutDown(within: .seconds(2))
        await fileThreads.shutDown(within: .seconds(1))
        try await probeGroup.shutdownGracefully()
        try await channelGroup.shutdownGracefully()
        try await workers.shutdownGracefully()
    }
}

using System.Net;
using System.Net.Sockets;
using System.Text;
using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace DistTrain.Node.Tests.Blocks;

public sealed class BlockPlaneTests
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task It_starts_and_stops_with_its_host_which_offers_all_its_parts()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddLogging().AddBlockPlane(new BlockPlaneOptions());
        using var host = builder.Build();
        var plane = host.Services.GetRequiredService<BlockPlane>();
        Assert.Throws<InvalidOperationException>(() => plane.Address);

        await host.StartAsync().WaitAsync(Deadline);
        var block = new Block([new byte[] { 1, 2, 3 }]);
        host.Services.GetRequiredService<BlockStore>().Publish(block, Deadline);
        var length = await host.Services.GetRequiredService<IBlockClient>().FetchAsync(
            new Ticket(block.Hash, block.Length, [plane.Address]), ReadLength, Deadline, CancellationToken.None);
        Assert.Equal(3, length);
        using var metrics = new HttpClient();
        var text = await metrics.GetStringAsync(new Uri(plane.Address + "/metrics")).WaitAsync(Deadline);
        Assert.Contains("disttrain_plane_sent_bytes_total{kind=\"block\"} 3\n", text, StringComparison.Ordinal);
        Assert.Contains("disttrain_plane_fetched_bytes_total 3\n", text, StringComparison.Ordinal);
        Assert.Contains("disttrain_plane_kept_bytes 3\n", text, StringComparison.Ordinal);

        await host.StopAsync().WaitAsync(Deadline);
        await Assert.ThrowsAnyAsync<Exception>(() => new HttpClient().GetAsync(new Uri(plane.Address)));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        await using var first = await RunningPlane.Start();
        var options = new BlockPlaneOptions { Port = first.Port };
        var error = await Assert.ThrowsAsync<IOException>(() => RunningPlane.Start(options));
        Assert.Contains(first.Port.ToString(), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_advertised_by_the_name_that_others_know()
    {
        await using var plane = await RunningPlane.Start(new BlockPlaneOptions { Host = "trainer.example" });
        Assert.Equal($"http://trainer.example:{plane.Port}", plane.Address);
        await using var six = await RunningPlane.Start(new BlockPlaneOptions { Host = "::1" });
        Assert.Equal($"http://[::1]:{six.Port}", six.Address);
    }

    [Fact]
    public async Task It_is_alive_at_once_and_ready_when_told()
    {
        await using var plane = await RunningPlane.Start();
        Assert.Equal((HttpStatusCode.OK, "live\n"), await Get(plane, "/healthz/live"));
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "starting\n"), await Get(plane, "/healthz/ready"));
        plane.Readiness.IsReady();
        Assert.Equal((HttpStatusCode.OK, "ready\n"), await Get(plane, "/healthz/ready"));
        plane.Readiness.IsNotReady("no worker");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no worker\n"), await Get(plane, "/healthz/ready"));
    }

    [Theory]
    [InlineData("/"), InlineData("/v1"), InlineData("/v1/blocks"), InlineData("/v1/blocks/"), InlineData("/v1/files/")]
    [InlineData("/v1/blocks/00000000000000000000000000000000"), InlineData("/v1/blocks/00000000000000000000000000000000/x")]
    [InlineData("/v1/files/0000000000000000000000000000000000000000000000000000000000000000")]
    [InlineData("/v1/files/secret"), InlineData("/v1/files/../../secret"), InlineData("/v1/files/..%2f..%2fsecret")]
    [InlineData("/v1/files/%2e%2e%2fsecret"), InlineData("/v1/files//etc/passwd"), InlineData("/v1/files/%00"), InlineData("/v1/files/%")]
    [InlineData("/../v1/blocks/x"), InlineData("*"), InlineData("/V1/BLOCKS/x"), InlineData("/v1/weights/r/1/1?classes=2")]
    public async Task What_is_not_there_by_its_hash_is_not_found(string target)
    {
        await using var plane = await RunningPlane.Start();
        using var folder = new TemporaryFolder();
        folder.Write("secret", [1, 2, 3]);
        folder.Publish(plane.Files, [4, 5, 6]);

        Assert.Matches("^HTTP/1.1 40[045] ", await Raw(plane, $"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"));
    }

    [Fact]
    public async Task A_published_file_that_has_gone_is_not_found()
    {
        await using var plane = await RunningPlane.Start();
        using var folder = new TemporaryFolder();
        var sha256 = folder.Publish(plane.Files, [1, 2, 3]);
        Assert.Equal(HttpStatusCode.OK, (await Get(plane, $"/v1/files/{sha256}")).Status);
        File.Delete(folder.Write(sha256, []));
        Assert.Equal(HttpStatusCode.NotFound, (await Get(plane, $"/v1/files/{sha256}")).Status);
        plane.Files.Withdraw(sha256);
        Assert.Equal(HttpStatusCode.NotFound, (await Get(plane, $"/v1/files/{sha256}")).Status);
        Assert.Throws<ArgumentException>(() => plane.Files.Publish(sha256.ToUpperInvariant() + "/..", "x"));
    }

    [Theory]
    [InlineData("PUT /v1/blocks/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", 404)]
    [InlineData("DELETE /v1/files/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 404)]
    [InlineData("GET /healthz/live HTTP/1.1\r\n\r\n", 400)] // no host
    [InlineData("hello\r\n\r\n", 400)]
    public async Task Odd_requests_are_refused(string request, int status)
    {
        await using var plane = await RunningPlane.Start();
        Assert.StartsWith($"HTTP/1.1 {status} ", await Raw(plane, request), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_is_too_long_is_refused()
    {
        await using var plane = await RunningPlane.Start();
        var line = new string('a', 4000);
        Assert.StartsWith("HTTP/1.1 414 ", await Raw(plane, $"GET /{line} HTTP/1.1\r\nHost: x\r\n\r\n"), StringComparison.Ordinal);
        var manyHeaders = $"GET / HTTP/1.1\r\nHost: x\r\nA: {line}\r\nB: {line}\r\nC: {line}\r\n\r\n";
        Assert.StartsWith("HTTP/1.1 431 ", await Raw(plane, manyHeaders), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_head_that_never_ends_is_given_up()
    {
        await using var plane = await RunningPlane.Start(new BlockPlaneOptions { HeadDeadline = TimeSpan.FromSeconds(0.5) });
        Assert.StartsWith("HTTP/1.1 408 ", await Raw(plane, "GET /healthz/live HTTP/1.1\r\nHost:"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_connection_more_than_allowed_is_closed_without_an_answer()
    {
        await using var plane = await RunningPlane.Start(new BlockPlaneOptions { ConnectionMax = 1 });
        using var first = new TcpClient();
        await first.ConnectAsync(IPAddress.Loopback, plane.Port);
        await first.GetStream().WriteAsync("GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
        Assert.NotEqual(0, await first.GetStream().ReadAsync(new byte[1000]).AsTask().WaitAsync(Deadline));

        Assert.Equal("", await Raw(plane, "GET /healthz/live HTTP/1.1\r\nHost: x\r\n\r\n"));
    }

    [Fact]
    public async Task Many_fetch_the_same_block_at_once()
    {
        await using var plane = await RunningPlane.Start();
        var block = plane.Publish([.. Enumerable.Range(0, 3_000_000).Select(i => (byte)(i * 7))]);
        var client = new BlockClient();
        var fetches = Enumerable.Range(0, 8).Select(_ => client.FetchAsync(
            new Ticket(block.Hash, block.Length, [plane.Address]), ReadLength, Deadline, CancellationToken.None));
        Assert.All(await Task.WhenAll(fetches).WaitAsync(Deadline), length => Assert.Equal(3_000_000, length));
    }

    [Fact]
    public async Task After_fetches_given_up_half_way_the_next_one_gets_all()
    {
        await using var plane = await RunningPlane.Start();
        var block = plane.Publish(new byte[50_000_000]);
        var ticket = new Ticket(block.Hash, block.Length, [plane.Address]);
        var client = new BlockClient();
        for (var i = 0; i < 20; i++)
        {
            using var giveUp = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => client.FetchAsync(ticket, GiveUpHalfWay(giveUp), Deadline, giveUp.Token).WaitAsync(Deadline));
        }
        Assert.Equal(block.Length, await client.FetchAsync(ticket, ReadLength, Deadline, CancellationToken.None).WaitAsync(Deadline));

        static Func<long, BlockFill, CancellationToken, ValueTask<long>> GiveUpHalfWay(CancellationTokenSource giveUp) =>
            async (length, fill, stop) =>
            {
                var half = new byte[length / 2];
                await fill(half, stop);
                await giveUp.CancelAsync();
                await fill(half, stop);
                return length;
            };
    }

    static async ValueTask<long> ReadLength(long length, BlockFill fill, CancellationToken stop)
    {
        await fill(new byte[length], stop);
        return length;
    }

    static async Task<(HttpStatusCode Status, string Text)> Get(RunningPlane plane, string path)
    {
        using var client = new HttpClient();
        var response = await client.GetAsync(new Uri(plane.Address + path)).WaitAsync(Deadline);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>All that comes back for bytes as they are; nothing where the connection is reset.</summary>
    static async Task<string> Raw(RunningPlane plane, string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, plane.Port);
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
            using var reader = new StreamReader(stream, Encoding.ASCII);
            return await reader.ReadToEndAsync().WaitAsync(Deadline);
        }
        catch (IOException error) when (error.InnerException is SocketException)
        {
            return "";
        }
    }
}

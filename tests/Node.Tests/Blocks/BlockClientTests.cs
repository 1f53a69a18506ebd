using System.Collections.Immutable;
using System.Security.Cryptography;
using DistTrain.Node.Blocks;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Node.Tests.Blocks;

public sealed class BlockClientTests : IDisposable
{
    static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);
    static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31 >> 3))];
    static readonly Block Whole = new([Content.AsMemory(0, 7), Content.AsMemory(7)]);

    readonly BlockClient _client = new();
    readonly List<ScriptedPeer> _peers = [];

    [Fact]
    public async Task A_block_is_read_piece_by_piece_where_its_reader_wants_it()
    {
        await using var plane = await RunningPlane.Start();
        plane.Store.Publish(Whole, Deadline);
        var (head, tail) = await _client.FetchAsync(TicketAt(plane.Address), ReadInTwo, Deadline, CancellationToken.None);
        Assert.Equal(Content, head.Concat(tail));

        static async ValueTask<(byte[] Head, byte[] Tail)> ReadInTwo(long length, BlockFill fill, CancellationToken stop)
        {
            var (head, tail) = (new byte[333], new byte[length - 333]);
            await fill(head, stop);
            await fill(tail, stop);
            return (head, tail);
        }
    }

    [Fact]
    public async Task An_empty_block_is_a_block()
    {
        await using var plane = await RunningPlane.Start();
        var block = plane.Publish();
        Assert.Empty(await Fetch(new Ticket(block.Hash, 0, [plane.Address])));
    }

    [Fact]
    public async Task The_next_source_is_asked_where_one_is_down_or_has_it_not_or_another_or_half_of_it()
    {
        await using var plane = await RunningPlane.Start();
        await using var without = await RunningPlane.Start();
        plane.Store.Publish(Whole, Deadline);
        var changed = Content.ToArray();
        changed[^1] ^= 1;
        var ticket = TicketAt(
            ScriptedPeer.Nobody(), without.Address, Peer(ScriptedPeer.Ok(changed)), Peer(ScriptedPeer.Ok(Content[..500], Content.Length)),
            Peer(ScriptedPeer.Ok(Content[..500])), Peer("not HTTP at all\r\n\r\n"u8.ToArray()), "ftp://127.0.0.1:1", "?", plane.Address);

        Assert.Equal(Content, await Fetch(ticket));
        Assert.All(_peers, peer => Assert.Equal(1, peer.RequestCount));
    }

    [Fact]
    public async Task Where_nobody_gives_it_each_sources_fault_is_named()
    {
        await using var without = await RunningPlane.Start();
        var changed = Content.ToArray();
        changed[0] ^= 1;
        var error = await Refused(TicketAt(
            without.Address, Peer(ScriptedPeer.Ok(changed)), Peer(ScriptedPeer.Ok(Content[..500])),
            Peer(ScriptedPeer.Ok(Content[..500], Content.Length)), Peer(ScriptedPeer.Status(302)), "?"));

        Assert.Contains($"block {Whole.Hash}", error, StringComparison.Ordinal);
        Assert.Contains($"{without.Address}: it answered 404.", error, StringComparison.Ordinal);
        var otherHash = new Block([changed]).Hash;
        Assert.Contains($"{_peers[0].Address}: the bytes that came have hash {otherHash}.", error, StringComparison.Ordinal);
        Assert.Contains($"{_peers[1].Address}: it has 500 bytes there, not 100000.", error, StringComparison.Ordinal);
        Assert.Contains($"{_peers[2].Address}: ", error, StringComparison.Ordinal);
        Assert.Contains($"{_peers[3].Address}: it answered 302.", error, StringComparison.Ordinal);
        Assert.Contains("?: not an address of the form http://host:port.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_without_sources_is_nowhere_to_be_had() =>
        Assert.Contains("Nobody is known to have it.", await Refused(TicketAt()), StringComparison.Ordinal);

    [Theory, InlineData(1), InlineData(-1)]
    public async Task A_reader_that_takes_more_or_less_than_there_is_gets_nothing(int difference)
    {
        await using var plane = await RunningPlane.Start();
        plane.Store.Publish(Whole, Deadline);
        var error = await Assert.ThrowsAsync<BlockFetchException>(() => _client.FetchAsync(
            TicketAt(plane.Address), (length, fill, stop) => ReadAll(length + difference, fill, stop),
            Deadline, CancellationToken.None));
        Assert.Contains("bytes", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_its_reader_refuses_is_not_fetched()
    {
        await using var plane = await RunningPlane.Start();
        plane.Store.Publish(Whole, Deadline);
        var error = await Assert.ThrowsAsync<BlockFetchException>(() => _client.FetchAsync<int>(
            TicketAt(plane.Address), (_, _, _) => throw new FormatException("of another shape."), Deadline, CancellationToken.None));
        Assert.EndsWith("of another shape.", error.Message, StringComparison.Ordinal);
        Assert.IsType<FormatException>(error.InnerException);
    }

    [Fact]
    public async Task A_source_that_never_answers_does_not_use_up_the_time_of_the_next()
    {
        await using var plane = await RunningPlane.Start();
        plane.Store.Publish(Whole, Deadline);
        var silent = Peer([], hangs: true);
        Assert.Equal(Content, await Fetch(TicketAt(silent, plane.Address), TimeSpan.FromSeconds(2)));
    }

    [Fact]
    public async Task A_source_that_stops_half_way_is_given_up_at_the_deadline()
    {
        var stuck = Peer(ScriptedPeer.Ok(Content[..500], Content.Length), hangs: true);
        var error = await Refused(TicketAt(stuck), TimeSpan.FromSeconds(0.5));
        Assert.Contains("no answer, or not all of it, in time", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancelled_it_ends_as_cancelled()
    {
        using var stop = new CancellationTokenSource();
        var fetch = _client.FetchAsync(TicketAt(Peer([], hangs: true)), ReadAll, Deadline, stop.Token);
        stop.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => fetch.WaitAsync(Deadline));
    }

    [Fact]
    public async Task A_file_is_fetched_by_its_content_and_set_back_after_a_source_that_broke_off()
    {
        await using var plane = await RunningPlane.Start();
        using var folder = new TemporaryFolder();
        var sha256 = folder.Publish(plane.Files, Content);
        using var file = new MemoryStream();
        file.Write("before"u8);

        ImmutableArray<string> sources =
            [Peer(ScriptedPeer.Ok(Content[..500], Content.Length)), Peer(ScriptedPeer.Ok([1, 2, 3])), plane.Address];
        await _client.FetchFileAsync(sha256, sources, file, Deadline, CancellationToken.None);

        Assert.Equal("before"u8.ToArray().Concat(Content), file.ToArray());
    }

    [Fact]
    public async Task A_file_with_other_content_is_refused_and_so_is_one_that_is_not_there()
    {
        await using var plane = await RunningPlane.Start();
        using var folder = new TemporaryFolder();
        var changed = Convert.ToHexStringLower(SHA256.HashData([1, 2, 3]));
        plane.Files.Publish(changed, folder.Write("data", [1, 2, 4]));

        Assert.Contains("have SHA-256", await FileRefused(changed, plane.Address), StringComparison.Ordinal);
        Assert.Contains("it answered 404.", await FileRefused(new string('0', 64), plane.Address), StringComparison.Ordinal);
    }

    public void Dispose() => _peers.ForEach(peer => peer.Dispose());

    static Ticket TicketAt(params string[] sources) => new(Whole.Hash, Whole.Length, [.. sources]);

    string Peer(byte[] answer, bool hangs = false)
    {
        _peers.Add(new ScriptedPeer(answer, hangs));
        return _peers[^1].Address;
    }

    Task<byte[]> Fetch(Ticket ticket, TimeSpan? deadline = null) =>
        _client.FetchAsync(ticket, ReadAll, deadline ?? Deadline, CancellationToken.None).WaitAsync(Deadline);

    async Task<string> Refused(Ticket ticket, TimeSpan? deadline = null) =>
        (await Assert.ThrowsAsync<BlockFetchException>(() => Fetch(ticket, deadline))).Message;

    async Task<string> FileRefused(string sha256, string source) => (await Assert.ThrowsAsync<BlockFetchException>(
        () => _client.FetchFileAsync(sha256, [source], new MemoryStream(), Deadline, CancellationToken.None))).Message;

    static async ValueTask<byte[]> ReadAll(long length, BlockFill fill, CancellationToken stop)
    {
        var all = new byte[length];
        await fill(all, stop);
        return all;
    }
}

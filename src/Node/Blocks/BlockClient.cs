using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Node.Blocks;

/// <summary>Fetches over HTTP/1.1. Bytes go from the socket straight to where they belong; what arrives is hashed on the way.</summary>
/// <param name="meters">Told what was fetched, where there is somebody to tell.</param>
public sealed class BlockClient(PlaneMeters? meters = null) : IBlockClient
{
    const int FilePieceBytes = 256 * 1024;

    public Task<T> FetchAsync<T>(
        Ticket ticket, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, TimeSpan deadline, CancellationToken cancellation)
    {
        var fetch = SourcesInTurn.Ask(
            $"block {ticket.Hash}", ticket.Sources, deadline, (source, limit) => FetchFrom(source, ticket, read, limit), cancellation);
        return Counted(fetch, _ => ticket.Length);
    }

    public Task FetchFileAsync(
        string sha256, ImmutableArray<string> sources, Stream destination, TimeSpan deadline, CancellationToken cancellation)
    {
        var start = destination.CanSeek ? destination.Position : 0;
        var isFirst = true;
        return Counted(SourcesInTurn.Ask($"file {sha256}", sources, deadline, FetchFileFrom, cancellation), bytes => bytes);

        async Task<long> FetchFileFrom(Uri source, CancellationToken limit)
        {
            if (!isFirst) SetBack(destination, start);
            isFirst = false;
            return await CopyFile(source, sha256, destination, limit);
        }
    }

    async Task<T> Counted<T>(Task<T> fetch, Func<T, long> bytesOf)
    {
        try
        {
            var got = await fetch;
            meters?.Fetched(bytesOf(got));
            return got;
        }
        catch (BlockFetchException)
        {
            meters?.Missed();
            throw;
        }
    }

    static async Task<T> FetchFrom<T>(
        Uri source, Ticket ticket, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, CancellationToken stop)
    {
        using var response = await Get(new Uri(source, $"/v1/blocks/{ticket.Hash}"), stop);
        var length = response.Content.Headers.ContentLength;
        if (length != ticket.Length) throw new InvalidDataException($"it has {length} bytes there, not {ticket.Length}.");

        var arriving = new ArrivingBlock(await response.Content.ReadAsStreamAsync(stop), ticket.Length);
        var result = await read(ticket.Length, arriving.FillAsync, stop);
        arriving.MustBe(ticket.Hash);
        return result;
    }

    static async Task<long> CopyFile(Uri source, string sha256, Stream to, CancellationToken stop)
    {
        using var response = await Get(new Uri(source, $"/v1/files/{sha256}"), stop);
        await using var from = await response.Content.ReadAsStreamAsync(stop);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[FilePieceBytes];
        var total = 0L;
        for (int count; (count = await from.ReadAsync(piece, stop)) > 0; total += count)
        {
            hash.AppendData(piece.AsSpan(0, count));
            await to.WriteAsync(piece.AsMemory(0, count), stop);
        }
        var found = Convert.ToHexStringLower(hash.GetHashAndReset());
        return found == sha256 ? total : throw new InvalidDataException($"the bytes that came have SHA-256 {found}.");
    }

    static async Task<HttpResponseMessage> Get(Uri address, CancellationToken stop)
    {
        var response = await PlaneConnections.Client.GetAsync(address, HttpCompletionOption.ResponseHeadersRead, stop);
        if (response.StatusCode == HttpStatusCode.OK) return response;
        response.Dispose();
        throw new InvalidDataException($"it answered {(int)response.StatusCode}.");
    }

    static void SetBack(Stream to, long start)
    {
        if (!to.CanSeek) throw new InvalidDataException("what came from the source before cannot be taken back from this stream.");
        to.Position = start;
        to.SetLength(start);
    }
}

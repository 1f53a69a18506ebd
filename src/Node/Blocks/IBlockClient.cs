using System.Collections.Immutable;
using DistTrain.Protocol.Blocks;

namespace DistTrain.Node.Blocks;

/// <summary>Fetches from other nodes what they have, by hash. Thread-safe.</summary>
public interface IBlockClient
{
    /// <summary>Fetches a block, from the first of its sources that gives it whole.</summary>
    /// <param name="read">
    /// Makes the result from the block's length and bytes; asked once for each source that answers, and its result thrown away where the
    /// bytes turn out to be others than the ticket's.
    /// </param>
    /// <param name="deadline">For all sources together, above 0; each gets an equal share of what is left when its turn comes.</param>
    /// <exception cref="BlockFetchException">No source gave it in time; says what was wrong with each.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task<T> FetchAsync<T>(
        Ticket ticket, Func<long, BlockFill, CancellationToken, ValueTask<T>> read, TimeSpan deadline, CancellationToken cancellation);

    /// <summary>Fetches a file by its SHA-256, from the first source that gives it whole.</summary>
    /// <param name="sha256">64 lower-case hex digits.</param>
    /// <param name="destination">
    /// Gets the file from its position on. Where a source failed half-way it is set back, for which it must be able to seek. On failure it
    /// holds anything.
    /// </param>
    /// <param name="deadline">For all sources together, above 0; each gets an equal share of what is left when its turn comes.</param>
    /// <exception cref="BlockFetchException">No source gave it in time; says what was wrong with each.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    Task FetchFileAsync(
        string sha256, ImmutableArray<string> sources, Stream destination, TimeSpan deadline, CancellationToken cancellation);
}

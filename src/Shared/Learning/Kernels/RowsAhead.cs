using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DistTrain.Learning.Kernels;

/// <summary>
/// The rows of a later step, to be asked for while this one is computed from the cache. Logits bring those of two quarters and the gradient
/// those of the others, line by line, so that memory delivers all the time and not only while rows are first touched. Saves time only.
/// </summary>
/// <remarks>Addresses may lie outside of all rows: nothing is read.</remarks>
/// <param name="distance">Bytes from a row of the step's first quarter to the row that is asked for.</param>
/// <param name="quarterCount">0, 1 or 2: as many quarters, one after the other, from there on; none before a group's part is asked for.</param>
readonly unsafe struct RowsAhead(nint distance, nint quarterBytes, int quarterCount = 0)
{
    public const int LineBytes = 64;

    /// <summary>What is brought while the logits of one of several groups of classes are computed.</summary>
    public RowsAhead ForLogits(int group, int groupCount) => Part(0, group, groupCount);

    /// <summary>What is brought while the gradient of one of several groups of classes is computed.</summary>
    public RowsAhead ForGradient(int group, int groupCount) => Part(2, group, groupCount);

    /// <summary>Asks for a line of each quarter.</summary>
    /// <remarks>Into the second cache: in the first, two steps' rows would push each other out.</remarks>
    /// <param name="place">In a row of the step's first quarter.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Fetch(byte* place)
    {
        if (!Sse.IsSupported || quarterCount == 0) return;
        Sse.Prefetch1(place + distance);
        if (quarterCount > 1) Sse.Prefetch1(place + distance + quarterBytes);
    }

    /// <summary>Two quarters: both by one group, or each by one of the first two.</summary>
    RowsAhead Part(int quarter, int group, int groupCount) => groupCount == 1
        ? new(distance + quarter * quarterBytes, quarterBytes, 2)
        : new(distance + (quarter + group) * quarterBytes, quarterBytes, group < 2 ? 1 : 0);
}

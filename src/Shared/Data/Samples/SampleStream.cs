namespace DistTrain.Data.Samples;

/// <summary>What a stream of random numbers is for, so that no two uses share one.</summary>
enum SampleStream
{
    Row = 1,
    User,
    Item,
    Taste,
    Weight,
}

static class SampleStreams
{
    const int IndexBits = 48;

    /// <summary>The number of a purpose's stream <paramref name="index"/>, which is below 2⁴⁸.</summary>
    public static ulong Of(this SampleStream purpose, long index) => ((ulong)purpose << IndexBits) | (ulong)index;
}

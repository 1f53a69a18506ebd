namespace DistTrain.Data.Preparation;

/// <summary>The four ways of holding a feature.</summary>
enum FeatureStorage : byte
{
    /// <summary>A float of the dense row, centred.</summary>
    Dense,

    /// <summary>A code of its column's byte.</summary>
    Level,

    /// <summary>A bit of a byte shared with seven neighbours.</summary>
    Bits,

    /// <summary>Nonzeros by columns.</summary>
    Sparse,
}

/// <summary>Where a feature's value goes in an encoded row.</summary>
/// <param name="Index">Dense: its column. Level, bits: its coded column. Sparse: its number among the sparse features.</param>
/// <param name="Code">Level, bits: what is or-ed into the byte where the feature is 1.</param>
/// <param name="Center">Dense: what is subtracted.</param>
readonly record struct FeaturePlace(FeatureStorage Storage, int Index, byte Code, float Center);

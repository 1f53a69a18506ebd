using DistTrain.Data.Storage;

namespace DistTrain.Data.Preparation;

/// <summary>Puts encoded rows into their shards.</summary>
static class ShardWriting
{
    /// <summary>Writes a row to its place, where the shard has room for its sparse features.</summary>
    /// <param name="row">Its number in the table.</param>
    /// <param name="label">As <see cref="Shard.Labels"/>.</param>
    public static void Write(this ShardRows shard, int position, EncodedRow encoded, int row, int label, float weight)
    {
        shard.WriteHeld(position, encoded, row, label, weight);
        var start = shard.Sparse.Starts[position];
        encoded.SparseFeatures.CopyTo(shard.Sparse.Features.AsSpan(start));
        if (shard.Sparse.Values is { } values) encoded.SparseValues.CopyTo(values.AsSpan(start));
    }

    /// <summary>The same of all but its sparse features.</summary>
    public static void WriteHeld(this ShardRows shard, int position, EncodedRow encoded, int row, int label, float weight)
    {
        shard.Labels[position] = label;
        if (shard.Weights is { } weights) weights[position] = weight;
        shard.SourceRows[position] = row;

        shard.Dense.Write(position, encoded.Dense);
        for (var column = 0; column < encoded.Codes.Length; column++) shard.Codes[column][position] = encoded.Codes[column];
    }
}

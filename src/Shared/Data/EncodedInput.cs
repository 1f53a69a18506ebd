using System.Collections.Immutable;
using DistTrain.Data.Storage;

namespace DistTrain.Data;

/// <summary>Rows to be judged by a trained model, encoded as it was trained.</summary>
/// <param name="Dataset">
/// The rows in the order of the input, as the validation part: its shards one after the other. There is no training part, and the
/// statistics of the training part are zeros. A row whose class the model knows without having seen it has a label below 0
/// (<see cref="Shard.Labels"/>); every row of a table without labels has −1, which says nothing then.
/// </param>
/// <param name="Unseen">For each column of the schema that has any, its values unseen in training; they are all zero.</param>
public sealed record EncodedInput(Dataset Dataset, ImmutableArray<UnseenValues> Unseen);

/// <summary>Values of one column that the training rows did not have.</summary>
/// <param name="RowCount">Rows with such a value, at least 1.</param>
/// <param name="Example">The first of them.</param>
public sealed record UnseenValues(string Column, int RowCount, string Example);

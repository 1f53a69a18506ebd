using DistTrain.Data.Storage;
using DistTrain.Data.Tables;

namespace DistTrain.Data;

/// <summary>
/// Labelled rows of numbers, none of them missing, that can be made again whenever they are wanted, in any order: nobody needs a table of
/// all of them. Calls may come from several threads.
/// </summary>
public interface IRowSource
{
    int RowCount { get; }

    /// <summary>The most that a dataset of all rows can be; its table is what one of all rows would take.</summary>
    DatasetSize SizeMax { get; }

    /// <summary>The rows of these numbers, in this order, as a table by themselves.</summary>
    Table TableOf(ReadOnlySpan<int> rows);
}

using System.Collections.Immutable;
using DistTrain.Data.Storage;
using DistTrain.Problems;

namespace DistTrain.Formats.Datasets;

/// <summary>
/// The shards of a dataset on disk, each opened when it is first asked for, on the caller's thread: its file is checked once. Of kernel
/// forms as many are kept as memory allows; dense rows stay in the file where it is mapped. What could not be opened is tried again the
/// next time.
/// </summary>
public sealed class StoredShards : IShardSource
{
    readonly StoredDataset _dataset;
    readonly IStoredContent _content;
    readonly ImmutableArray<Once<CheckedFile>> _training;
    readonly ImmutableArray<Once<CheckedFile>> _validation;
    readonly ReadingWindow _window;
    readonly KeptShards _whole;
    readonly ShardForms _forms;

    /// <param name="room">What of memory shards may take; slices are kept whatever they take.</param>
    public StoredShards(StoredDataset dataset, IStoredContent content, ShardRoom room)
    {
        (_dataset, _content) = (dataset, content);
        (_training, _validation) = (CheckedWhenOpened(dataset.Files.Training), CheckedWhenOpened(dataset.Files.Validation));
        _window = new ReadingWindow(dataset.Files, content, room.FileBytes);
        _whole = new KeptShards(dataset.Manifest, RowsOf, room.FormBytes);
        _forms = new ShardForms(dataset.Manifest, _whole.Open, shard => RowsOf(DatasetPart.Training, shard));
    }

    /// <exception cref="DistTrainException">DT4704 to DT4706: the shard's file cannot be had, or is not the one.</exception>
    public Shard Open(DatasetPart part, ShardId shard)
    {
        _window.Enter(part, shard);
        return _whole.Open(part, shard);
    }

    /// <exception cref="DistTrainException">DT4704 to DT4706: the shard's file cannot be had, or is not the one.</exception>
    public Shard OpenSlice(ShardSlice slice) => slice.RowCount == _dataset.Manifest.TrainingRows[slice.Shard.Index]
        ? Open(DatasetPart.Training, slice.Shard)
        : _forms.OpenSlice(slice);

    /// <summary>Whether the shard's file has been opened and found good.</summary>
    public bool IsOpen(DatasetPart part, ShardId shard) => FilesOf(part)[shard.Index].IsMade;

    /// <summary>Read again for each form: rows by themselves are kept only where slices are made of them.</summary>
    internal ShardRows RowsOf(DatasetPart part, ShardId shard) =>
        DatasetReader.ReadShard(_dataset, part, shard, FilesOf(part)[shard.Index].Value.Bytes, _content);

    ImmutableArray<Once<CheckedFile>> FilesOf(DatasetPart part) => part == DatasetPart.Training ? _training : _validation;

    ImmutableArray<Once<CheckedFile>> CheckedWhenOpened(ImmutableArray<StoredFile> files) =>
        [.. files.Select(file => new Once<CheckedFile>(() => new CheckedFile(_content.Open(file))))];

    sealed record CheckedFile(ReadOnlyMemory<byte> Bytes);
}

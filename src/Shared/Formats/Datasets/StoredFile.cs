namespace DistTrain.Formats.Datasets;

/// <summary>A file of a dataset as its manifest knows it: what has another length or hash is not that file.</summary>
/// <param name="Name">Within the dataset's folder.</param>
/// <param name="Bytes">Its length, at least 1.</param>
/// <param name="Sha256">Of all of it, 64 lower-case hex digits.</param>
public sealed record StoredFile(string Name, long Bytes, string Sha256);

"""The rules that come with scaleaudit: a folder for each family, a module for each rule."""
